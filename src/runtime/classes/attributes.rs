//! The attributes of a class's parts as objects, for reflection.

use super::ClassInfo;
use crate::runtime::Session;
use crate::syntax::{self, ParameterAttribute};
use crate::value::{ClassPart, Outcome, TypeRef, Value, members};

impl Session {
    /// The type of an attribute, whose name may leave `Attribute` out.
    pub(super) fn attribute_type(&mut self, attribute: &syntax::Attribute) -> Option<TypeRef> {
        let mut longer = attribute.name.clone();
        longer.name = format!("{}Attribute", attribute.name.name).into();
        self.find_type(&attribute.name).or_else(|_| self.find_type(&longer)).ok()
    }

    /// An attribute as an object: its constructor with the positional arguments, then its properties.
    pub(super) fn made_attribute(&mut self, kind: TypeRef, attribute: &syntax::Attribute) -> Outcome<Value> {
        let mut args = Vec::with_capacity(attribute.positional.len());
        for expr in &attribute.positional {
            args.push(self.eval_constant(expr)?);
        }
        let object = members::construct(self, kind, args)?;
        for (name, value, _) in &attribute.named {
            let value = value.as_ref().map_or(Ok(Value::Bool(true)), |expr| self.eval_constant(expr))?;
            members::set(self, &object, name, value)?;
        }
        Ok(object)
    }

    /// The attributes of one part of a class, in the order they are written.
    pub(in crate::runtime) fn attributes_of(&mut self, class: TypeRef, part: &ClassPart) -> Outcome<Vec<Value>> {
        let Some(info) = self.class_info(class) else { return Ok(Vec::new()) };
        let (declared, hidden) = info.written_attributes(part);
        let mut made = Vec::with_capacity(declared.len());
        for attribute in &declared {
            if let Some(kind) = self.attribute_type(attribute) {
                made.push(self.made_attribute(kind, attribute)?);
            }
        }
        if hidden {
            made.push(members::construct(self, TypeRef::HIDDEN_ATTRIBUTE, Vec::new())?);
        }
        Ok(made)
    }
}

impl ClassInfo {
    /// The attributes that stand at a part, and whether it is `hidden`.
    fn written_attributes(&self, part: &ClassPart) -> (Vec<syntax::Attribute>, bool) {
        let nothing = (Vec::new(), false);
        match part {
            ClassPart::Type => (self.definition.attributes.clone(), false),
            ClassPart::Property(name) => {
                let found = self.definition.properties.iter().find(|p| p.name.eq_ignore_ascii_case(name));
                found.map_or(nothing, |property| (property.attributes.clone(), property.is_hidden))
            }
            ClassPart::Method(..) | ClassPart::Constructor(_) => {
                (Vec::new(), self.written_method(part).is_some_and(|method| method.is_hidden))
            }
            ClassPart::Parameter(method, at) => {
                let parameter = self.written_method(method).and_then(|method| method.params.get(*at));
                let written = parameter.map(|parameter| parameter.attributes.iter()).into_iter().flatten();
                let attributes = written.filter_map(|attribute| match attribute {
                    ParameterAttribute::Attribute(attribute) => Some(attribute.clone()),
                    ParameterAttribute::Type(_) => None,
                });
                (attributes.collect(), false)
            }
        }
    }

    /// The declaration of a method or constructor, by its name and the types of its parameters.
    fn written_method(&self, part: &ClassPart) -> Option<&syntax::ClassMethod> {
        let (name, kinds, known) = match part {
            ClassPart::Method(name, kinds) => (Some(name), kinds, &self.declared),
            ClassPart::Constructor(kinds) => (None, kinds, &self.constructors),
            _ => return None,
        };
        let named = |found: &str| name.is_none_or(|name| name.eq_ignore_ascii_case(found));
        let place = known
            .iter()
            .filter(|method| named(&method.name))
            .position(|method| method.parameters.iter().map(|(_, kind)| kind).eq(kinds))?;
        let written = self.definition.methods.iter().filter(|m| m.is_constructor == name.is_none() && named(&m.name));
        written.filter(|m| name.is_some() || !m.is_static).nth(place)
    }
}
