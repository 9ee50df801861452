//! XSLT 1.0 for compliance output: templates by match, name and mode, with the instructions and the XPath (of `value::xml`) that
//! conversions of such documents use. What a style sheet needs beyond that is refused when it is set, not when it runs.

mod read;
mod transform;

pub(crate) use read::StyleSheet;

use crate::api::Problem;

/// The namespace of the instructions.
const NAMESPACE: &str = "http://www.w3.org/1999/XSL/Transform";

/// The stack of a transformation.
const STACK: usize = 64 << 20;

/// Reads a style sheet, or says what is wrong with it.
pub(crate) fn read(text: &str) -> Result<StyleSheet, Problem> {
    read::style_sheet(text).map_err(|reason| super::values::bad("CustomConfiguration", &reason))
}

/// Applies a style sheet to a document.
pub(crate) fn apply(sheet: &StyleSheet, document: &str) -> Result<String, Problem> {
    let work = || transform::run(sheet, document);
    // Templates may call themselves many times; a request's own stack is not made for that.
    let made = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("xslt".to_owned()).stack_size(STACK);
        let handle = thread.spawn_scoped(scope, work).map_err(Problem::internal)?;
        handle.join().map_err(|_| Problem::internal("the transformation broke off"))
    })?;
    made.map_err(|reason| super::values::bad("CustomConfiguration", &reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"<Conversations>
        <Conversation><Channel uri="u1" name="One"/><Messages>
            <Message type="JOIN" content="" id="0"><Sender UserName="Ken"/></Message>
            <Message type="CHAT" content="a &lt; b" id="7"><Sender UserName="Ann"/></Message>
            <Message type="CHAT" content="bye" id="8"><Sender UserName="Ken"/></Message>
        </Messages></Conversation></Conversations>"#;

    fn transformed(body: &str) -> String {
        let sheet = format!(
            "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>{body}</xsl:stylesheet>"
        );
        let sheet = read(&sheet).unwrap_or_else(|problem| panic!("{problem}"));
        apply(&sheet, DOCUMENT).unwrap_or_else(|problem| panic!("{problem}"))
    }

    #[test]
    fn style_sheets_do_what_they_say() {
        let text = "<xsl:output method='text'/>";
        for (body, expected) in [
            ("<xsl:template match='/'><xsl:value-of select='count(//Message)'/></xsl:template>", "3"),
            (
                "<xsl:template match='/'><xsl:value-of select=\"//Message[@type='CHAT'][2]/@content\"/></xsl:template>",
                "bye",
            ),
            (
                "<xsl:template match='/'><xsl:for-each select='//Message'><xsl:sort select='Sender/@UserName'/><xsl:value-of select='Sender/@UserName'/>;</xsl:for-each></xsl:template>",
                "Ann;Ken;Ken;",
            ),
            (
                "<xsl:template match='Message'><xsl:value-of select=\"concat(position(), '/', last(), ' ')\"/></xsl:template><xsl:template match='/'><xsl:apply-templates select='//Message'/></xsl:template>",
                "1/3 2/3 3/3 ",
            ),
            (
                "<xsl:template match='/'><xsl:for-each select='//Message'><xsl:choose><xsl:when test=\"@id &gt; 7\">big</xsl:when><xsl:when test=\"@type = 'JOIN' or @id = 0\">in</xsl:when><xsl:otherwise>-</xsl:otherwise></xsl:choose></xsl:for-each></xsl:template>",
                "in-big",
            ),
            (
                "<xsl:param name='p' select=\"'x'\"/><xsl:template name='twice'><xsl:param name='t'/><xsl:value-of select='concat($t, $t, $p)'/></xsl:template><xsl:template match='/'><xsl:variable name='v'>ab</xsl:variable><xsl:call-template name='twice'><xsl:with-param name='t' select='$v'/></xsl:call-template></xsl:template>",
                "ababx",
            ),
            (
                "<xsl:variable name='v' select='1'/><xsl:template name='t'><xsl:value-of select='$v'/></xsl:template><xsl:template match='/'><xsl:variable name='v' select='2'/><xsl:call-template name='t'/><xsl:value-of select='$v'/></xsl:template>",
                "12",
            ),
            (
                "<xsl:template match='/'><xsl:for-each select='//Sender'><xsl:if test='count(//Sender[@UserName = current()/@UserName]) = 1'><xsl:value-of select='@UserName'/></xsl:if></xsl:for-each><xsl:value-of select=\"format-number(-1234.5, '#,##0.00')\"/></xsl:template>",
                "Ann-1,234.50",
            ),
            (
                "<xsl:template match='Message[2]'>second</xsl:template><xsl:template match='Messages/Message' priority='-1'>.</xsl:template><xsl:template match='text()'/>",
                ".second.",
            ),
            (
                "<xsl:template match='/'><xsl:value-of select=\"translate(substring-after('a:bc', ':'), 'bc', 'BC')\"/><xsl:value-of select='sum(//@id) div 5'/><xsl:value-of select='floor(7 div 2) + 7 mod 4'/></xsl:template>",
                "BC36",
            ),
            (
                "<xsl:template match='/'><xsl:if test=\"contains(//Channel/@name, 'n') and not(starts-with('ab', 'b'))\">yes</xsl:if><xsl:value-of select=\"normalize-space('  a   b ')\"/><xsl:value-of select=\"string-length('four')\"/></xsl:template>",
                "yesa b4",
            ),
        ] {
            assert_eq!(transformed(&format!("{text}{body}")), expected, "{body}");
        }
    }

    #[test]
    fn elements_are_written_as_xml() {
        let body = "<xsl:output omit-xml-declaration='yes'/><xsl:template match='/'><log><xsl:apply-templates select=\"//Message[@type='CHAT']\"/></log></xsl:template>\
            <xsl:template match='Message'><m who='{Sender/@UserName}'><xsl:attribute name='n'><xsl:value-of select='@id'/></xsl:attribute><xsl:value-of select='@content'/></m></xsl:template>";
        assert_eq!(transformed(body), "<log><m who=\"Ann\" n=\"7\">a &lt; b</m><m who=\"Ken\" n=\"8\">bye</m></log>");
        let copy = "<xsl:output omit-xml-declaration='yes'/><xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>\
            <xsl:template match=\"Message[@type='JOIN']\"/><xsl:template match='text()'/>";
        let written = transformed(copy);
        assert!(written.starts_with("<Conversations><Conversation><Channel uri=\"u1\" name=\"One\"/>"), "{written}");
        let kept = "<xsl:output omit-xml-declaration='yes'/><xsl:template match='/'><xsl:copy-of select='//Channel'/><xsl:for-each select='//Channel'><xsl:copy><xsl:copy-of select='@name'/></xsl:copy></xsl:for-each></xsl:template>";
        assert_eq!(transformed(kept), "<Channel uri=\"u1\" name=\"One\"/><Channel name=\"One\"/>");
        assert!(!written.contains("JOIN") && written.contains("content=\"a &lt; b\""), "{written}");
    }

    #[test]
    fn what_cannot_be_done_is_refused_at_once() {
        for body in [
            "<xsl:template match='/'><xsl:document href='x'/></xsl:template>",
            "<xsl:template match='/'><xsl:value-of select='key(1)'/></xsl:template>",
            "<xsl:template match='/'><xsl:value-of select='a['/></xsl:template>",
            "<xsl:template match='/'><xsl:value-of/></xsl:template>",
            "<xsl:template match='/'><xsl:value-of select='$nothing'/></xsl:template>",
            "<xsl:template match='a[@b = $nothing]'/>",
            "<xsl:template match='/'><xsl:call-template name='nowhere'/></xsl:template>",
            "<xsl:include href='x'/>",
        ] {
            let sheet = format!(
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>{body}</xsl:stylesheet>"
            );
            assert_eq!(read(&sheet).err().map(|problem| problem.id), Some("PC-E25".into()), "{body}");
        }
        let endless = "<xsl:output method='text'/><xsl:template match='/'><xsl:call-template name='a'/></xsl:template><xsl:template name='a'><xsl:call-template name='a'/></xsl:template>";
        let sheet = format!(
            "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>{endless}</xsl:stylesheet>"
        );
        assert!(read(&sheet).is_ok_and(|sheet| apply(&sheet, DOCUMENT).is_err()));
    }
}
