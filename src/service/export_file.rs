//! The file form of exports: a ZIP of parts with a manifest that holds their counts and digests, so that a damaged
//! or foreign file is known before anything is imported.

use quick_xml::escape::escape;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The version this code writes; it reads this one and those before.
pub const FORMAT_VERSION: u32 = 1;
/// Parts larger than this are refused: no export of ours makes them, a crafted ZIP may.
const LARGEST_PART: u64 = 1 << 30;
const MANIFEST: &str = "manifest.xml";

/// Why a file is not an export of ours.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Not a ZIP, or a damaged one.
    #[error("The file is not a readable export: {0}.")]
    Archive(#[from] zip::result::ZipError),
    /// Reading or writing failed.
    #[error("The file cannot be read: {0}.")]
    Io(#[from] std::io::Error),
    /// The manifest is missing or nonsense.
    #[error("The manifest of the export is {0}.")]
    Manifest(String),
    /// A newer version.
    #[error("The export has format {0}; this program reads formats up to {FORMAT_VERSION}.")]
    Version(u32),
    /// A part that is not what the manifest says.
    #[error("The part '{0}' of the export is damaged: its digest is not the one in the manifest.")]
    Damaged(String),
    /// A part that is missing.
    #[error("The part '{0}' of the export is missing.")]
    Missing(String),
    /// A part that is too large to be ours.
    #[error("The part '{0}' of the export is larger than any that this program writes.")]
    TooLarge(String),
}

/// What an export says of itself: free attributes such as `level`, `database`, `startDate`, `forest`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportFile {
    /// Attributes of the manifest.
    pub attributes: BTreeMap<String, String>,
    /// Parts by file name, with the number of items in each.
    pub parts: BTreeMap<String, (usize, Vec<u8>)>,
}

impl ExportFile {
    /// Adds a part.
    pub fn add(&mut self, name: &str, items: usize, content: impl Into<Vec<u8>>) {
        self.parts.insert(name.to_owned(), (items, content.into()));
    }

    /// The content of a part as text.
    ///
    /// # Errors
    /// A part that is missing or not text.
    pub fn text(&self, name: &str) -> Result<&str, ExportError> {
        let (_, content) = self.parts.get(name).ok_or_else(|| ExportError::Missing(name.to_owned()))?;
        std::str::from_utf8(content).map_err(|_| ExportError::Damaged(name.to_owned()))
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Where compression fails.
    pub fn write(&self) -> Result<Vec<u8>, ExportError> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        archive.start_file(MANIFEST, options)?;
        archive.write_all(self.manifest().as_bytes())?;
        for (name, (_, content)) in &self.parts {
            archive.start_file(name.as_str(), options)?;
            archive.write_all(content)?;
        }
        Ok(archive.finish()?.into_inner())
    }

    fn manifest(&self) -> String {
        let mut text =
            format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Export formatVersion=\"{FORMAT_VERSION}\"");
        // Writing to a string cannot fail.
        for (name, value) in &self.attributes {
            let _ = write!(text, " {name}=\"{}\"", escape(value.as_str()));
        }
        text.push_str(">\n");
        for (name, (items, content)) in &self.parts {
            let name = escape(name.as_str());
            let _ = writeln!(text, "  <Part name=\"{name}\" items=\"{items}\" sha256=\"{}\" />", digest(content));
        }
        text.push_str("</Export>\n");
        text
    }

    /// Reads a file and checks every part against the manifest.
    ///
    /// # Errors
    /// Anything that makes it not a whole export of ours.
    pub fn read(bytes: &[u8]) -> Result<ExportFile, ExportError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        let manifest = part(&mut archive, MANIFEST)?;
        let manifest = String::from_utf8(manifest).map_err(|_| ExportError::Manifest("not text".to_owned()))?;
        let document =
            roxmltree::Document::parse(&manifest).map_err(|e| ExportError::Manifest(format!("not XML ({e})")))?;
        let root = document.root_element();
        let version = root.attribute("formatVersion").and_then(|v| v.parse().ok());
        match version {
            _ if root.tag_name().name() != "Export" => return Err(ExportError::Manifest("of another kind".to_owned())),
            None => return Err(ExportError::Manifest("without a format version".to_owned())),
            Some(version) if version > FORMAT_VERSION => return Err(ExportError::Version(version)),
            Some(_) => {}
        }
        let attributes = root.attributes().filter(|a| a.name() != "formatVersion");
        let mut file = ExportFile {
            attributes: attributes.map(|a| (a.name().to_owned(), a.value().to_owned())).collect(),
            parts: BTreeMap::new(),
        };
        for listed in root.children().filter(|n| n.has_tag_name("Part")) {
            let name = listed.attribute("name").unwrap_or_default();
            let content = part(&mut archive, name)?;
            if listed.attribute("sha256") != Some(digest(&content).as_str()) {
                return Err(ExportError::Damaged(name.to_owned()));
            }
            let items = listed.attribute("items").and_then(|i| i.parse().ok()).unwrap_or_default();
            file.parts.insert(name.to_owned(), (items, content));
        }
        Ok(file)
    }
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, ExportError> {
    let entry = archive.by_name(name).map_err(|_| ExportError::Missing(name.to_owned()))?;
    let mut content = Vec::new();
    // The size in the directory of a ZIP may lie, so what comes out is counted.
    let read = entry.take(LARGEST_PART + 1).read_to_end(&mut content);
    match read {
        Ok(size) if size as u64 > LARGEST_PART => Err(ExportError::TooLarge(name.to_owned())),
        Ok(_) => Ok(content),
        Err(_) => Err(ExportError::Damaged(name.to_owned())),
    }
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> ExportFile {
        let mut file = ExportFile::default();
        file.attributes.insert("level".to_owned(), "All \"quoted\" & <more>".to_owned());
        file.add("rooms.xml", 2, "<Rooms><Room/><Room/></Rooms>");
        file.add("messages-1.xml", 0, "<Messages/>");
        file
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sample().write().expect("written");
        assert_eq!(ExportFile::read(&bytes).expect("read"), sample());
    }

    #[test]
    fn damage_is_found() {
        let bytes = sample().write().expect("written");
        for cut in [0, 10, bytes.len() / 2, bytes.len() - 1] {
            assert!(ExportFile::read(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        assert!(ExportFile::read(b"not a zip").is_err());
        let mut foreign = ZipWriter::new(Cursor::new(Vec::new()));
        foreign.start_file(MANIFEST, SimpleFileOptions::default()).expect("started");
        foreign.write_all(b"<Export formatVersion=\"99\"/>").expect("written");
        let foreign = foreign.finish().expect("finished").into_inner();
        assert!(matches!(ExportFile::read(&foreign), Err(ExportError::Version(99))));
    }

    #[test]
    fn a_changed_part_is_found() {
        let file = sample();
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        archive.start_file(MANIFEST, options).expect("started");
        archive.write_all(file.manifest().as_bytes()).expect("written");
        for name in file.parts.keys() {
            archive.start_file(name.as_str(), options).expect("started");
            archive.write_all(b"<Other/>").expect("written");
        }
        let bytes = archive.finish().expect("finished").into_inner();
        assert!(matches!(ExportFile::read(&bytes), Err(ExportError::Damaged(_))));
    }
}
