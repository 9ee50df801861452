//! The output of the built-in XML compliance adapter: conversations of one run, one element per room with traffic.
//! The shape is the product's; which events go into a run is the compliance job's matter.

use quick_xml::escape::escape;
use std::fmt::Write as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Ticks of 100 nanoseconds from year one to 1970.
const TICKS_TO_1970: i64 = 621_355_968_000_000_000;

/// What kind of event a message element stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Somebody came.
    Join,
    /// Somebody left.
    Part,
    /// A message.
    Chat,
    /// A message of a back channel.
    Backchat,
    /// A file was put in.
    FileUpload,
    /// A file was taken out.
    FileDownload,
}

impl EventKind {
    fn name(self) -> &'static str {
        match self {
            EventKind::Join => "JOIN",
            EventKind::Part => "PART",
            EventKind::Chat => "CHAT",
            EventKind::Backchat => "BACKCHAT",
            EventKind::FileUpload => "FILEUPLOAD",
            EventKind::FileDownload => "FILEDOWNLOAD",
        }
    }
}

/// Who did it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// Display name.
    pub user_name: String,
    /// Number of the principal.
    pub id: i64,
    /// Mail address.
    pub email: String,
    /// Of this organization, not federated.
    pub internal: bool,
    /// SIP address.
    pub uri: String,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct ComplianceMessage {
    /// What happened.
    pub kind: EventKind,
    /// Text of a message, name of a file.
    pub content: String,
    /// The message's number within its room; 0 for what is no message.
    pub id: i64,
    /// Who.
    pub sender: Sender,
    /// When.
    pub time: OffsetDateTime,
}

/// The events of one room in one run, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// The room's URI.
    pub channel_uri: String,
    /// The room's name.
    pub channel_name: String,
    /// At least one.
    pub messages: Vec<ComplianceMessage>,
}

/// The document of some conversations.
pub fn conversations(conversations: &[Conversation]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Conversations>\n");
    for conversation in conversations {
        write_conversation(&mut text, conversation);
    }
    text.push_str("</Conversations>\n");
    text
}

fn write_conversation(text: &mut String, conversation: &Conversation) {
    let (Some(first), Some(last)) = (conversation.messages.first(), conversation.messages.last()) else { return };
    let uri = attribute(&conversation.channel_uri);
    let name = attribute(&conversation.channel_name);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  <Conversation>\n    <Channel uri=\"{uri}\" name=\"{name}\" />");
    write_message(text, "FirstMessage", first, 4);
    text.push_str("    <Messages>\n");
    for message in &conversation.messages {
        write_message(text, "Message", message, 6);
    }
    text.push_str("    </Messages>\n");
    write_time(text, "StartTimeUTC", first.time, 4);
    write_time(text, "EndTimeUTC", last.time, 4);
    text.push_str("  </Conversation>\n");
}

fn write_message(text: &mut String, element: &str, message: &ComplianceMessage, indent: usize) {
    let sender = &message.sender;
    let _ = writeln!(
        text,
        "{:indent$}<{element} type=\"{}\" content=\"{}\" id=\"{}\">",
        "",
        message.kind.name(),
        attribute(&message.content),
        if message.kind == EventKind::Chat { message.id } else { 0 },
    );
    let _ = writeln!(
        text,
        "{:indent$}  <Sender UserName=\"{}\" id=\"{}\" email=\"{}\" internal=\"{}\" uri=\"{}\" />",
        "",
        attribute(&sender.user_name),
        sender.id,
        attribute(&sender.email),
        sender.internal,
        attribute(&sender.uri),
    );
    write_time(text, "DateTimeUTC", message.time, indent + 2);
    let _ = writeln!(text, "{:indent$}</{element}>", "");
}

fn write_time(text: &mut String, element: &str, time: OffsetDateTime, indent: usize) {
    let time = time.to_offset(time::UtcOffset::UTC);
    let milliseconds = time.unix_timestamp_nanos() / 1_000_000;
    let ticks = i64::try_from(time.unix_timestamp_nanos() / 100).unwrap_or(i64::MAX).saturating_add(TICKS_TO_1970);
    // Only a year past 9999 has no such form, and no clock here reaches it.
    let iso = time.format(&Rfc3339).unwrap_or_default();
    let _ =
        writeln!(text, "{:indent$}<{element} since1970=\"{milliseconds}\" string=\"{iso}\" long=\"{ticks}\" />", "");
}

/// Escaped for an attribute; characters that XML 1.0 cannot hold become U+FFFD, line ends are kept.
fn attribute(value: &str) -> String {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let clean: String = value.chars().map(|c| if allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
    escape(clean.as_str()).replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: EventKind, content: &str, id: i64, seconds: i64) -> ComplianceMessage {
        let sender =
            Sender { user_name: "Ken Myer".into(), id: 7, uri: "sip:kmyer@contoso.com".into(), ..Sender::default() };
        let time = OffsetDateTime::from_unix_timestamp(seconds).expect("a time");
        ComplianceMessage { kind, content: content.into(), id, sender, time }
    }

    #[test]
    fn the_document_has_the_products_shape() {
        let text = conversations(&[Conversation {
            channel_uri: "ma-chan://contoso.com/1".into(),
            channel_name: "R & D".into(),
            messages: vec![
                message(EventKind::Join, "", 0, 1_000_000_000),
                message(EventKind::Chat, "line <1>\nline \"2\"\u{1}", 12, 1_000_000_060),
            ],
        }]);
        let document = roxmltree::Document::parse(&text).expect("well-formed");
        let conversation = document.root_element().first_element_child().expect("a conversation");
        let names: Vec<_> = conversation.children().filter(|n| n.is_element()).map(|n| n.tag_name().name()).collect();
        assert_eq!(names, ["Channel", "FirstMessage", "Messages", "StartTimeUTC", "EndTimeUTC"]);
        let messages: Vec<_> = conversation.descendants().filter(|n| n.has_tag_name("Message")).collect();
        assert_eq!(messages[0].attribute("type"), Some("JOIN"));
        assert_eq!(messages[1].attribute("content"), Some("line <1>\nline \"2\"\u{FFFD}"));
        assert_eq!(messages[1].attribute("id"), Some("12"));
        let end = conversation.children().find(|n| n.has_tag_name("EndTimeUTC")).expect("an end");
        assert_eq!(end.attribute("since1970"), Some("1000000060000"));
        assert_eq!(end.attribute("string"), Some("2001-09-09T01:47:40Z"));
        assert_eq!(end.attribute("long"), Some("631355968600000000"));
    }
}
