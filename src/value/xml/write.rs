//! Nodes to text: the one writer behind `OuterXml`, `Save` and `XmlWriter`. It keeps track of namespaces and declares
//! those that are not in scope, and breaks lines where there is no text to spoil.

use super::tree::{Node, NodeKind, QName, XMLNS};

/// How text is laid out.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// What each level is moved in by; none for all on one line.
    pub(crate) indent: Option<String>,
    /// The line end.
    pub(crate) new_line: String,
    /// Each attribute on a line of its own.
    pub(crate) attributes_on_lines: bool,
}

impl Layout {
    /// Everything on one line.
    pub(crate) fn plain() -> Self {
        Layout { indent: None, new_line: "\n".to_owned(), attributes_on_lines: false }
    }

    /// Two blanks a level, as `XmlDocument.Save` has it.
    pub(crate) fn indented() -> Self {
        Layout { indent: Some("  ".to_owned()), ..Layout::plain() }
    }
}

/// An element that is open.
#[derive(Debug)]
struct Open {
    name: String,
    /// It holds text, so no line breaks.
    mixed: bool,
    has_children: bool,
    /// Prefixes declared on it, with their namespaces.
    declared: Vec<(String, String)>,
    /// Prefixes that its names use and that still need a declaration.
    needed: Vec<(String, String)>,
}

/// A writer of XML text.
#[derive(Debug)]
pub(crate) struct Writer {
    layout: Layout,
    text: String,
    open: Vec<Open>,
    /// The start tag of the innermost element is not closed yet.
    in_tag: bool,
    begun: bool,
}

impl Writer {
    /// A writer with nothing written.
    pub(crate) fn new(layout: Layout) -> Self {
        Writer { layout, text: String::new(), open: Vec::new(), in_tag: false, begun: false }
    }

    /// What was written since the last time, taken out.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Changes the layout from here on.
    pub(crate) fn set_layout(&mut self, layout: Layout) {
        self.layout = layout;
    }

    /// The layout.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Number of elements that are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// True while attributes can still be written.
    pub(crate) fn in_tag(&self) -> bool {
        self.in_tag
    }

    /// True where something was written.
    pub(crate) fn begun(&self) -> bool {
        self.begun
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(super::tree::XML);
        }
        let declared = self.open.iter().rev().flat_map(|open| open.declared.iter().chain(&open.needed));
        let found = declared.into_iter().find(|(known, _)| known == prefix).map(|(_, uri)| uri.as_str());
        found.or(if prefix.is_empty() { Some("") } else { None })
    }

    /// A prefix in scope for a namespace.
    pub(crate) fn prefix_of(&self, namespace: &str) -> Option<String> {
        let declared = self.open.iter().rev().flat_map(|open| open.declared.iter().chain(&open.needed));
        declared.into_iter().find(|(_, uri)| uri == namespace).map(|(prefix, _)| prefix.clone())
    }

    fn close_tag(&mut self) {
        if !std::mem::take(&mut self.in_tag) {
            return;
        }
        self.declare();
        self.text.push('>');
    }

    /// Writes the declarations that the open tag still needs.
    fn declare(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        for (prefix, uri) in std::mem::take(&mut open.needed) {
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            self.text.push_str(&format!(" {name}=\"{}\"", escape_attribute(&uri)));
            open.declared.push((prefix, uri));
        }
    }

    /// A new line before a piece of markup, where that spoils no text.
    fn line(&mut self) {
        if let Some(indent) = self.layout.indent.clone()
            && self.begun
            && !self.open.last().is_some_and(|open| open.mixed)
        {
            self.text.push_str(&self.layout.new_line);
            for _ in 0..self.open.len() {
                self.text.push_str(&indent);
            }
        }
        self.begun = true;
    }

    fn child(&mut self, mixed: bool) {
        self.close_tag();
        if !mixed {
            self.line();
        }
        self.begun = true;
        if let Some(open) = self.open.last_mut() {
            open.has_children = true;
            open.mixed |= mixed;
        }
    }

    /// `<?xml version="1.0" …?>`.
    pub(crate) fn declaration(&mut self, text: &str) {
        self.child(false);
        self.text.push_str(&format!("<?xml {text}?>"));
    }

    /// Opens an element.
    pub(crate) fn start_element(&mut self, name: &QName) {
        self.child(false);
        let text = name.text().to_string();
        self.text.push('<');
        self.text.push_str(&text);
        self.open.push(Open {
            name: text,
            mixed: false,
            has_children: false,
            declared: Vec::new(),
            needed: Vec::new(),
        });
        self.need(&name.prefix, &name.namespace);
        self.in_tag = true;
    }

    /// Notes that a prefix must mean a namespace in the open tag.
    fn need(&mut self, prefix: &str, namespace: &str) {
        let needed = self.namespace(prefix) != Some(namespace) && !(namespace.is_empty() && !prefix.is_empty());
        if let Some(open) = self.open.last_mut().filter(|_| needed) {
            open.needed.push((prefix.to_owned(), namespace.to_owned()));
        }
    }

    /// An attribute of the open tag.
    pub(crate) fn attribute(&mut self, name: &QName, value: &str) {
        let mut prefix = name.prefix.to_string();
        let is_declaration = name.namespace.as_str() == XMLNS || prefix == "xmlns" || name.text().as_str() == "xmlns";
        if is_declaration {
            let declared = if prefix.is_empty() { String::new() } else { name.local.to_string() };
            if let Some(open) = self.open.last_mut() {
                open.needed.retain(|(known, _)| *known != declared);
                open.declared.push((declared, value.to_owned()));
            }
        } else if !name.namespace.is_empty() {
            if prefix.is_empty() {
                let known = self.prefix_of(&name.namespace).filter(|known| !known.is_empty());
                prefix = known.unwrap_or_else(|| format!("d{}p1", self.open.len()));
            }
            self.need(&prefix, &name.namespace);
        }
        let shown = if prefix.is_empty() { name.local.to_string() } else { format!("{prefix}:{}", name.local) };
        if self.layout.attributes_on_lines
            && let Some(indent) = self.layout.indent.clone()
        {
            self.text.push_str(&self.layout.new_line);
            self.text.push_str(&indent.repeat(self.open.len()));
        } else {
            self.text.push(' ');
        }
        self.text.push_str(&format!("{shown}=\"{}\"", escape_attribute(value)));
    }

    /// Text.
    pub(crate) fn text(&mut self, text: &str) {
        self.child(true);
        self.text.push_str(&escape_text(text));
    }

    /// Text as it is.
    pub(crate) fn raw(&mut self, text: &str) {
        self.child(true);
        self.text.push_str(text);
    }

    /// `<![CDATA[…]]>`.
    pub(crate) fn cdata(&mut self, text: &str) {
        self.child(true);
        self.text.push_str(&format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")));
    }

    /// `<!--…-->`.
    pub(crate) fn comment(&mut self, text: &str) {
        self.child(false);
        self.text.push_str(&format!("<!--{text}-->"));
    }

    /// `<?target text?>`.
    pub(crate) fn instruction(&mut self, target: &str, text: &str) {
        self.child(false);
        let blank = if text.is_empty() { "" } else { " " };
        self.text.push_str(&format!("<?{target}{blank}{text}?>"));
    }

    /// Closes the innermost element; with `full` never as `<a />`. False where none is open.
    pub(crate) fn end_element(&mut self, full: bool) -> bool {
        if self.in_tag && !full {
            self.in_tag = false;
            self.declare();
            self.open.pop();
            self.text.push_str(" />");
            return true;
        }
        self.close_tag();
        let Some(open) = self.open.pop() else { return false };
        if open.has_children && !open.mixed {
            self.line();
        }
        self.text.push_str(&format!("</{}>", open.name));
        true
    }

    /// A node with all that is in it.
    pub(crate) fn node(&mut self, node: &Node) {
        match node.kind() {
            NodeKind::Document | NodeKind::Fragment => self.children(node),
            NodeKind::Element => {
                self.start_element(&node.name());
                for attribute in node.attributes() {
                    self.attribute(&attribute.name(), &attribute.value());
                }
                self.children(node);
                self.end_element(!node.is_empty());
            }
            NodeKind::Attribute => {
                let (name, value) = (node.full_name(), node.value());
                self.text.push_str(&format!("{name}=\"{}\"", escape_attribute(&value)));
            }
            NodeKind::Text => self.text(&node.value()),
            NodeKind::Whitespace | NodeKind::SignificantWhitespace => self.raw(&node.value()),
            NodeKind::CData => self.cdata(&node.value()),
            NodeKind::Comment => self.comment(&node.value()),
            NodeKind::ProcessingInstruction => self.instruction(&node.full_name(), &node.value()),
            NodeKind::Declaration => self.declaration(&node.value()),
        }
    }

    /// The children of a node.
    pub(crate) fn children(&mut self, node: &Node) {
        node.children().iter().for_each(|child| self.node(child));
    }
}

/// `OuterXml`.
pub(crate) fn outer(node: &Node) -> String {
    let mut writer = Writer::new(Layout::plain());
    writer.node(node);
    writer.take()
}

/// `InnerXml`.
pub(crate) fn inner(node: &Node) -> String {
    if node.kind() == NodeKind::Attribute {
        return escape_attribute(&node.value());
    }
    let mut writer = Writer::new(Layout::plain());
    writer.children(node);
    writer.take()
}

fn escape(text: &str, special: impl Fn(char) -> Option<&'static str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match special(c) {
            Some(entity) => escaped.push_str(entity),
            None => escaped.push(c),
        }
    }
    escaped
}

/// Text between tags.
pub(crate) fn escape_text(text: &str) -> String {
    escape(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

/// Text between double quotes.
pub(crate) fn escape_attribute(text: &str) -> String {
    escape(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        '\t' => Some("&#x9;"),
        _ => None,
    })
}
