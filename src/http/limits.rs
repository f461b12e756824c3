//! What a document may ask for, counted before anything of it runs.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{Name, ServerError};

/// Most fields of a document, each fragment counted wherever it is spread.
const FIELDS: usize = 1000;
/// Most aliases, counted alike.
const ALIASES: usize = 50;

/// How much a document asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    fields: usize,
    aliases: usize,
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
        }
    }
}

/// Requires that a document keeps to the limits.
pub fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut counter = Counter { document, fragments: HashMap::new() };
    let sizes = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let size = sizes.fold(Size::default(), |size, set| size.plus(counter.set(set)));
    if size.fields > FIELDS {
        return Err(error(format!("查询的字段太多 (more than {FIELDS} fields)")));
    }
    if size.aliases > ALIASES {
        return Err(error(format!("查询的别名太多 (more than {ALIASES} aliases)")));
    }
    Ok(())
}

/// What the operation that will run is; none when the document does not say which one it is.
pub fn operation(document: &ExecutableDocument, name: Option<&str>) -> Option<OperationType> {
    let mut operations = document
        .operations
        .iter()
        .filter(|(own, _)| name.is_none_or(|name| own.is_some_and(|own| own.as_str() == name)));
    let first = operations.next()?;
    operations.next().is_none().then_some(first.1.node.ty)
}

fn error(message: String) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", "TOO_LARGE");
    error
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    /// Sizes of fragments, `None` while one is being counted: a fragment within itself counts nothing here, and is
    /// refused by validation.
    fragments: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Counter<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Size {
        set.items.iter().fold(Size::default(), |size, item| size.plus(self.selection(&item.node)))
    }

    fn selection(&mut self, selection: &'a Selection) -> Size {
        match selection {
            Selection::Field(field) => {
                let own = Size { fields: 1, aliases: usize::from(field.node.alias.is_some()) };
                own.plus(self.set(&field.node.selection_set.node))
            }
            Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        }
    }

    fn fragment(&mut self, name: &'a Name) -> Size {
        if let Some(size) = self.fragments.get(name) {
            return size.unwrap_or_default();
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Size::default() };
        self.fragments.insert(name, None);
        let size = self.set(&fragment.node.selection_set.node);
        self.fragments.insert(name, Some(size));
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(query: &str) -> Result<(), ServerError> {
        check(&async_graphql::parser::parse_query(query).unwrap())
    }

    #[test]
    fn fragments_that_double_are_counted_without_being_unfolded() {
        let mut query = String::from("{ ...f0 } ");
        for level in 0..60 {
            query.push_str(&format!("fragment f{level} on Query {{ ...f{0} ...f{0} }} ", level + 1));
        }
        query.push_str("fragment f60 on Query { __typename }");
        assert!(checked(&query).unwrap_err().message.contains("fields"));
    }

    #[test]
    fn aliases_are_capped() {
        let aliased = |count: usize| (0..count).map(|n| format!("a{n}: __typename ")).collect::<String>();
        assert!(checked(&format!("{{ {} }}", aliased(ALIASES))).is_ok());
        assert!(checked(&format!("{{ {} }}", aliased(ALIASES + 1))).is_err());
    }

    #[test]
    fn a_fragment_within_itself_ends() {
        assert!(checked("{ ...f } fragment f on Query { ...f }").is_ok());
    }
}
