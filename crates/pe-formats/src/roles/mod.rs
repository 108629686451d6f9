//! From a speaker's label to a role.
//!
//! A label is looked up in the user's own rules (`--role LABEL=ROLE`), then in a table of what speakers are called in
//! published conversations, in several languages. What is left is decided by the conversation as a whole:
//!
//! * `system` that answers a user where nobody else does is the helper, not an instruction;
//! * `speaker` beside a `listener` is the one who is helped;
//! * labels that are known only without their number (`user 1`, `user 2`) are unknown where they are all that there is;
//! * the first unknown speaker takes the first of `user`, `assistant` that no known speaker has, the second the next;
//!   everybody after them is `user`.

mod labels;

use std::collections::{BTreeMap, HashMap};

use pe_model::Role;

use crate::Error;

/// The user's own rules, before the built-in table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleMap {
    /// Lower-cased labels.
    rules: BTreeMap<String, Role>,
}

impl RoleMap {
    /// From rules such as `Ellie=assistant`.
    ///
    /// # Errors
    /// A rule that is not `LABEL=ROLE`, or whose role is not one of the four.
    pub fn parse(rules: &[impl AsRef<str>]) -> Result<Self, Error> {
        let mut map = Self::default();
        for rule in rules.iter().map(AsRef::as_ref) {
            let parsed = rule
                .rsplit_once('=')
                .and_then(|(label, role)| Some((label, Role::from_name(role.trim())?)))
                .filter(|(label, _)| !label.trim().is_empty());
            let Some((label, role)) = parsed else {
                return Err(Error::Options(format!(
                    "{rule}: not a role rule; write LABEL=ROLE with one of user, assistant, system, tool"
                )));
            };
            map.set(label, role);
        }
        Ok(map)
    }

    /// Speakers called `label` have this role from now on.
    pub fn set(&mut self, label: &str, role: Role) {
        self.rules.insert(normal(label), role);
    }

    /// Adds rules that do not contradict the present ones.
    pub(crate) fn add(&mut self, rules: &BTreeMap<String, Role>) {
        for (label, role) in rules {
            self.rules.entry(normal(label)).or_insert(*role);
        }
    }

    /// The role of a label that the rules or the table know.
    pub fn known(&self, label: &str) -> Option<Role> {
        if self.rules.is_empty()
            && let Some(role) = Role::from_name(label)
        {
            return Some(role);
        }
        let label = normal(label);
        self.rules.get(&label).copied().or_else(|| labels::role(&label))
    }

    /// The roles of a conversation's messages, given their labels in order.
    pub(crate) fn cast<'a>(&self, labels: impl IntoIterator<Item = &'a str>) -> Vec<Role> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut positions: HashMap<&'a str, usize> = HashMap::new();
        let order: Vec<usize> = labels
            .into_iter()
            .map(|label| {
                let position = *positions.entry(label).or_insert_with(|| {
                    parts.push(self.part(label));
                    parts.len() - 1
                });
                parts[position].lines += 1;
                position
            })
            .collect();
        let roles = settle(&mut parts, order.first().copied());
        order.into_iter().map(|position| roles[position]).collect()
    }

    fn part<'a>(&self, label: &'a str) -> Part<'a> {
        let normal = normal(label);
        let fixed = self.rules.get(&normal).copied();
        let stem = labels::stem(&normal);
        let numbered = fixed.is_none() && stem != normal && labels::role(&normal).is_none();
        let role = fixed.or_else(|| labels::role(&normal)).or_else(|| labels::role(stem));
        Part { label, role, fixed: fixed.is_some(), numbered, lines: 0 }
    }
}

/// The label to keep beside a role: nothing where it says the same.
pub(crate) fn speaker(label: &str, role: Role) -> Option<String> {
    let label = label.trim();
    (!label.is_empty() && label != role.name()).then(|| label.to_owned())
}

/// One speaker of a conversation.
struct Part<'a> {
    label: &'a str,
    role: Option<Role>,
    /// Set by the user's rules.
    fixed: bool,
    /// Known only without its number.
    numbered: bool,
    lines: usize,
}

impl Part<'_> {
    fn is(&self, label: &str) -> bool {
        !self.fixed && normal(self.label) == label
    }
}

/// Decides the roles that depend on who else speaks. `first` speaks first.
fn settle(parts: &mut [Part<'_>], first: Option<usize>) -> Vec<Role> {
    if parts.iter().any(|part| part.is("listener")) {
        parts.iter_mut().filter(|part| part.is("speaker")).for_each(|part| part.role = Some(Role::User));
    }
    if parts.len() > 1 && parts.iter().all(|part| part.numbered && part.role == parts[0].role) {
        for part in parts.iter_mut() {
            part.role = None;
        }
    }
    let has = |parts: &[Part<'_>], role| parts.iter().any(|part| part.role == Some(role));
    if has(parts, Role::User) && !has(parts, Role::Assistant) {
        // An instruction stands at the front, once; a system that comes later or often is talking.
        let talks = |(position, part): &(usize, &mut Part<'_>)| {
            part.is("system") && (part.lines > 1 || first != Some(*position))
        };
        parts.iter_mut().enumerate().filter(talks).for_each(|(_, part)| part.role = Some(Role::Assistant));
    }
    let mut vacant: Vec<Role> =
        [Role::Assistant, Role::User].into_iter().filter(|role| !has(parts, *role)).collect();
    parts.iter().map(|part| part.role.unwrap_or_else(|| vacant.pop().unwrap_or(Role::User))).collect()
}

fn normal(label: &str) -> String {
    label.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Assistant, System, Tool, User};

    fn cast(labels: &[&str]) -> Vec<Role> {
        RoleMap::default().cast(labels.iter().copied())
    }

    #[test]
    fn known_labels_in_several_languages() {
        assert_eq!(cast(&["Client", "Therapist"]), [User, Assistant]);
        assert_eq!(cast(&["来访者", "心理咨询师"]), [User, Assistant]);
        assert_eq!(cast(&["Klientin", "Beraterin"]), [User, Assistant]);
        assert_eq!(cast(&["paciente", "terapeuta"]), [User, Assistant]);
        assert_eq!(
            cast(&["system", "human", "gpt", "function_call", "observation"]),
            [System, User, Assistant, Assistant, Tool]
        );
    }

    #[test]
    fn a_system_that_talks_is_the_helper() {
        assert_eq!(cast(&["user", "system", "user", "system"]), [User, Assistant, User, Assistant]);
        assert_eq!(cast(&["system", "user"]), [System, User]);
        assert_eq!(cast(&["system", "user", "assistant"]), [System, User, Assistant]);
        assert_eq!(cast(&["listener", "speaker"]), [Assistant, User]);
        assert_eq!(cast(&["sys", "usr"]), [Assistant, User]);
    }

    #[test]
    fn unknown_speakers_take_what_is_vacant() {
        assert_eq!(cast(&["#Person1#", "#Person2#", "#Person3#"]), [User, Assistant, User]);
        assert_eq!(cast(&["Ellie", "patient"]), [Assistant, User]);
        assert_eq!(cast(&["Maria", "therapist", "Tom"]), [User, Assistant, User]);
        assert_eq!(cast(&["user 1", "user 2"]), [User, Assistant]);
        assert_eq!(cast(&["client 1", "therapist", "client 2"]), [User, Assistant, User]);
    }

    #[test]
    fn the_users_rules_come_first() {
        let map = RoleMap::parse(&["Ellie=assistant", "client = system"]).unwrap();
        assert_eq!(map.cast(["ellie", "client", "x"]), [Assistant, System, User]);
        assert!(RoleMap::parse(&["ellie"]).unwrap_err().to_string().contains("LABEL=ROLE"));
        assert!(RoleMap::parse(&["ellie=boss"]).is_err());
    }

    #[test]
    fn a_label_is_kept_only_where_it_says_more_than_the_role() {
        assert_eq!(speaker("user", User), None);
        assert_eq!(speaker("User", User), Some("User".into()));
        assert_eq!(speaker(" ", User), None);
    }
}
