//! 说明 of a rule: phrases, each of which some rule must take up.

/// The phrases of a cell that no rule has taken up yet.
#[derive(Debug)]
pub struct Remarks {
    phrases: Vec<String>,
    notes: Vec<String>,
}

impl Remarks {
    /// The phrases of a cell, apart by ；，。 or lines; what begins with 备注： is no rule.
    pub fn new(text: &str) -> Self {
        let parts =
            text.split(['；', ';', '，', ',', '。', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let (notes, phrases) = parts.map(str::to_owned).partition(|part: &String| noted(part).is_some());
        Self { phrases, notes }
    }

    /// Takes up a phrase that is one of `words`; whether there was one.
    pub fn says(&mut self, words: &[&str]) -> bool {
        self.find(|phrase| words.contains(&phrase).then_some(())).is_some()
    }

    /// Takes up the first phrase that `read` understands.
    pub fn find<T>(&mut self, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (at, value) =
            self.phrases.iter().enumerate().find_map(|(at, phrase)| Some((at, read(phrase)?)))?;
        self.phrases.remove(at);
        Some(value)
    }

    /// A phrase that nothing took up.
    pub fn left(&self) -> Option<&str> {
        self.phrases.first().map(String::as_str)
    }

    /// What is no rule.
    pub fn note(&self) -> Option<String> {
        let notes: Vec<&str> = self.notes.iter().filter_map(|note| noted(note)).collect();
        (!notes.is_empty()).then(|| notes.join("；"))
    }
}

fn noted(phrase: &str) -> Option<&str> {
    let rest = phrase.strip_prefix("备注").or_else(|| phrase.strip_prefix("依据"))?;
    rest.strip_prefix(['：', ':']).map(str::trim)
}
