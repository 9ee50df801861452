//! `BindingFlags`: which members of a type a question is about.

use crate::value::Value;

/// Flags as given, or what is looked for where none are given: public members, of instances and static.
#[derive(Clone, Copy)]
pub(crate) struct Filter {
    /// Names are compared without regard to case.
    pub(crate) ignore_case: bool,
    /// Inherited members are left out.
    pub(crate) declared_only: bool,
    /// Members of instances.
    pub(crate) instance: bool,
    /// Static members.
    pub(crate) statics: bool,
    /// Public members. All that the tables hold is public.
    pub(crate) public: bool,
}

impl Filter {
    /// Public members of both kinds.
    pub(crate) const DEFAULT: Filter =
        Filter { ignore_case: false, declared_only: false, instance: true, statics: true, public: true };

    /// From a `BindingFlags` argument.
    pub(crate) fn of(flags: &Value) -> Filter {
        let bits = super::super::super::integer_of(flags).unwrap_or(0);
        let has = |bit: i64| bits & bit != 0;
        Filter { ignore_case: has(1), declared_only: has(2), instance: has(4), statics: has(8), public: has(16) }
    }

    /// True where a name is the one asked for.
    pub(crate) fn names(&self, name: &str, wanted: &str) -> bool {
        if self.ignore_case { name.eq_ignore_ascii_case(wanted) } else { name == wanted }
    }

    /// True where members of this kind are asked for.
    pub(crate) fn wants(&self, is_static: bool) -> bool {
        self.public && if is_static { self.statics } else { self.instance }
    }
}
