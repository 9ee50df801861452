//! The manifests under `cmdlets/` are sound, and the index of built-in nouns says what they say.

use pcsh::catalogue::{BUILT_IN, Catalogue, ValueType, parse};
use std::fs;
use std::path::Path;

fn manifests() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("cmdlets");
    let mut files: Vec<_> = fs::read_dir(directory).expect("cmdlets/").flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).expect("readable"))).collect()
}

#[test]
fn every_manifest_is_sound() {
    let faults: Vec<_> = manifests()
        .iter()
        .filter_map(|(file, text)| parse(&format!("cmdlets/{file}"), text).err())
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_index_says_what_the_manifests_say() {
    let quoted = |verbs: Vec<String>| verbs.iter().map(|verb| format!("\"{verb}\"")).collect::<Vec<_>>().join(", ");
    let row = |noun: &str, collection: &str, file: &str, verbs| {
        format!("(\"{noun}\", \"{collection}\", \"{file}\", [{}]),", quoted(verbs))
    };
    let mut from_files: Vec<_> = manifests()
        .iter()
        .map(|(file, text)| {
            let noun = parse(file, text).expect("sound");
            row(&noun.name, &noun.collection, file, noun.cmdlets.iter().map(|c| c.verb.clone()).collect())
        })
        .collect();
    from_files.sort();
    let from_index: Vec<_> = BUILT_IN
        .iter()
        .map(|b| {
            let verbs = b.verbs.iter().map(|verb| (*verb).to_owned()).collect();
            row(b.noun, b.collection, b.file.trim_start_matches("cmdlets/"), verbs)
        })
        .collect();
    assert_eq!(from_index, from_files, "src/catalogue/index.rs should hold:\n{}", from_files.join("\n"));
}

#[test]
fn collections_are_named_as_the_api_names_them() {
    for noun in Catalogue::built_in().all() {
        assert_eq!(noun.collection, pcsh::api::collection(&noun.name));
    }
}

#[test]
fn every_cmdlet_has_help() {
    for noun in Catalogue::built_in().all() {
        for cmdlet in &noun.cmdlets {
            assert!(!cmdlet.synopsis.is_empty() && !cmdlet.description.is_empty(), "{}", cmdlet.name());
            for parameter in &cmdlet.parameters {
                assert!(!parameter.help.is_empty(), "{} -{}", cmdlet.name(), parameter.name);
            }
        }
    }
}

#[test]
fn parameters_that_set_properties_have_their_types() {
    for noun in Catalogue::built_in().all() {
        for cmdlet in noun.cmdlets.iter().filter(|c| c.verb == "New" || c.verb == "Set") {
            for parameter in &cmdlet.parameters {
                let Some(property) = noun.property(parameter.sets_property()) else { continue };
                let same_shape = parameter.kind.is_list() == property.kind.is_list();
                let switch = parameter.kind == ValueType::Switch && property.kind == ValueType::Boolean;
                assert!(same_shape || switch, "{} -{}", cmdlet.name(), parameter.name);
            }
        }
    }
}

const GOOD: &str = r#"
noun = "CsThing"
collection = "things"
pattern = "item"
synopsis = "Things"
properties = [
  { name = "Identity", type = "String" },
  { name = "Size", type = "UInt32", default = 3, minimum = 1 },
]

[[cmdlets]]
verb = "Set"
synopsis = "Changes a thing."
sets = ["Identity", "Instance"]
default-set = "Identity"
parameters = [
  { name = "Identity", type = "String", sets = ["Identity"], required = true, position = 0 },
  { name = "Size", type = "UInt32" },
]
"#;

#[test]
fn faults_name_file_line_and_key() {
    let cases = [
        ("collection = \"things\"", "colection = \"things\"", 3, "colection"),
        ("pattern = \"item\"", "pattern = \"odd\"", 4, "`pattern = \"odd\"`"),
        ("default = 3", "default = \"three\"", 8, "`default = \"three\"` of Size"),
        ("\"Size\", type = \"UInt32\", default", "\"Identity\", type = \"UInt32\", default", 8, "a second time"),
        ("default-set = \"Identity\"", "default-set = \"Other\"", 15, "`default-set`"),
        ("sets = [\"Identity\"], required", "sets = [\"Odd\"], required", 17, "`Odd`"),
        ("position = 0", "position = { Instance = 0 }", 17, "`position`"),
        ("type = \"UInt32\" },\n]", "type = \"UInt32\", propery = \"x\" },\n]", 18, "propery"),
        ("synopsis = \"Things\"", "", 1, "synopsis"),
    ];
    assert!(parse("x.toml", GOOD).is_ok());
    for (from, to, line, words) in cases {
        let fault = parse("x.toml", &GOOD.replacen(from, to, 1)).expect_err(to);
        assert_eq!((fault.file.as_str(), fault.line), ("x.toml", line), "{fault}");
        assert!(fault.message.contains(words), "{fault}");
    }
}

#[test]
fn manifests_of_a_user_are_added_and_faulty_ones_reported() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("thing.toml"), GOOD).expect("written");
    fs::write(directory.path().join("broken.toml"), "noun = 3").expect("written");
    let mut catalogue = Catalogue::built_in();
    let faults = catalogue.add_directory(directory.path());
    assert_eq!(faults.len(), 1);
    let (noun, cmdlet) = catalogue.cmdlet("set-csthing").expect("known").expect("sound");
    assert_eq!((noun.collection.as_str(), cmdlet.parameters.len()), ("things", 2));
    assert!(catalogue.cmdlet("Get-CsThing").is_none());
}

#[test]
fn the_guide_can_be_followed() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("cmdlets/README.md")).expect("the guide");
    let (_, rest) = guide.split_once("```toml\n").expect("a manifest in the guide");
    let (manifest, _) = rest.split_once("```").expect("its end");
    let noun = parse("lunch-menu.toml", &manifest.replace("\n   ", "\n")).expect("sound");
    assert_eq!((noun.name.as_str(), noun.cmdlets.len(), noun.properties.len()), ("CsLunchMenu", 3, 4));
    assert_eq!(noun.collection, pcsh::api::collection(&noun.name));
}
