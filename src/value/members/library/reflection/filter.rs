//! `BindingFlags`: which members of a type a question is about.

use crate::value::Value;

/// Flags as given, or what is looked for where none are given: public members, of instances and static.
#[derive(Clone, Copy)]
pub struct Filter {
    /// Names are compared without regard to case.
    pub ignore_case: bool,
    /// Inherited members are left out.
    pub declared_only: bool,
    /// Members of instances.
    pub instance: bool,
    /// Static members.
    pub statics: bool,
    /// Public members. All that the tables hold is public.
    pub public: bool,
}

impl Filter {
    /// Public members of both kinds.
    pub const DEFAULT: Filter =
        Filter { ignore_case: false, declared_only: false, instance: true, statics: true, public: true };

    /// From a `BindingFlags` argument.
    pub fn of(flags: &Value) -> Filter {
        let bits = super::super::super::integer_of(flags).unwrap_or(0);
        let has = |bit: i64| bits & bit != 0;
        Filter { ignore_case: has(1), declared_only: has(2), instance: has(4), statics: has(8), public: has(16) }
    }

    /// True where a name is the one asked for.
    pub fn names(&self, name: &str, wanted: &str) -> bool {
        if self.ignore_case { name.eq_ignore_ascii_case(wanted) } else { name == wanted }
    }

    /// True where members of this kind are asked for.
    pub fn wants(&self, is_static: bool) -> bool {
        self.public && if is_static { self.statics } else { self.instance }
    }
}
