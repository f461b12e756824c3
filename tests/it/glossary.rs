//! The glossary explains every word of the API.

use std::fs;

/// The types that an SDL defines, apart from the three roots.
fn types(sdl: &str) -> Vec<&str> {
    const KEYWORDS: &[&str] = &["type", "interface", "union", "enum", "input", "scalar"];
    const ROOTS: &[&str] = &["Query", "Mutation", "Subscription"];
    sdl.lines()
        .filter_map(|line| {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.next().filter(|word| KEYWORDS.contains(word))?;
            words.next().filter(|name| !name.is_empty() && !ROOTS.contains(name))
        })
        .collect()
}

#[test]
fn the_glossary_names_every_type_of_the_schema() {
    let sdl = fs::read_to_string("schema.graphql").expect("schema.graphql: `make schema` writes it");
    let glossary = fs::read_to_string("docs/glossary.md").expect("docs/glossary.md");
    let types = types(&sdl);
    assert!(!types.is_empty(), "schema.graphql defines no type");
    let missing: Vec<_> = types.into_iter().filter(|name| !glossary.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/glossary.md does not name {missing:?}");
}

#[test]
fn the_types_of_an_sdl_are_found() {
    let sdl = "type Query {\n  type: Kind\n}\n\"\"\"\nA school.\n\"\"\"\ntype School implements Node & Dated {\n  id: ID!\n}\nunion Place = Room | School\nscalar Date\n";
    assert_eq!(types(sdl), ["School", "Place", "Date"]);
}
