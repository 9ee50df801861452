//! `ConvertTo-SecureString`, `ConvertFrom-SecureString`, `Get-Credential`. Away from Windows there is no store of keys:
//! without a key the text is only written as digits, with one it is encrypted with AES.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::members::library::net::{plain_text, secure};
use crate::value::{ErrorCategory, Fault, Outcome, Str, TypeRef, Value, members};
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit, generic_array::GenericArray};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rand::Rng;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&ConvertToSecureString::SPEC, &ConvertFromSecureString::SPEC, &GetCredential::SPEC];

const SECURE: &str = "Secure";
const OPEN: &str = "Open";
const PLAIN: &str = "PlainText";

/// What text encrypted with a key begins with.
const HEADER: &str = "76492d1116743f0423413b16050a5345";

/// The bytes of a block of AES.
const BLOCK: usize = 16;

cmdlet! {
    /// `ConvertTo-SecureString`.
    pub(crate) struct ConvertToSecureString = "ConvertTo-SecureString", class "Microsoft.PowerShell.Commands.ConvertToSecureStringCommand",
        module "Microsoft.PowerShell.Security" {
        default_set: Some(SECURE), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes a secure string of text.",
        examples: &[("(ConvertTo-SecureString abc -AsPlainText).Length", "3\n")], outputs: &["System.Security.SecureString"],
    }
    parameters {
        text: Str = ParameterSpec::new("String").sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        plain: Switch = ParameterSpec::new("AsPlainText").sets(&[SetMembership::of(PLAIN).position(1)]),
        force: Switch = ParameterSpec::new("Force").sets(&[SetMembership::of(PLAIN).position(2)]),
        secure_key: Value = ParameterSpec::new("SecureKey").validate(&[Validation::NotNull]).sets(&[SetMembership::of(SECURE).position(1)]),
        key: Vec<u8> = ParameterSpec::new("Key").validate(&[Validation::NotNull]).sets(&[SetMembership::of(OPEN)]),
    }
    state {}
}

impl Cmdlet for ConvertToSecureString {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.text.is_empty() {
            return invalid("The text must not be empty.").err();
        }
        if self.plain.0 {
            return run.write(secure(&self.text));
        }
        let text = match key(&self.key, &self.secure_key)? {
            Some(key) => decrypted(&self.text, &key),
            None => bytes_of(&self.text).and_then(|bytes| text_of(&bytes)),
        };
        match text {
            Some(text) => run.write(secure(&text)),
            None => {
                let fault = Fault::new(
                    "ImportSecureString_InvalidArgument",
                    "The text was not made by ConvertFrom-SecureString with this key.",
                )
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException");
                run.error(fault)
            }
        }
    }
}

cmdlet! {
    /// `ConvertFrom-SecureString`.
    pub(crate) struct ConvertFromSecureString = "ConvertFrom-SecureString", class "Microsoft.PowerShell.Commands.ConvertFromSecureStringCommand",
        module "Microsoft.PowerShell.Security" {
        default_set: Some(SECURE), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes a secure string as text that can be kept.",
        examples: &[("ConvertTo-SecureString abc -AsPlainText | ConvertFrom-SecureString -AsPlainText", "abc\n")],
        outputs: &["System.String"],
    }
    parameters {
        secure: SecureText = ParameterSpec::new("SecureString").sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        plain: Switch = ParameterSpec::new("AsPlainText").sets(&[SetMembership::of("AsPlainText")]),
        secure_key: Value = ParameterSpec::new("SecureKey").validate(&[Validation::NotNull]).sets(&[SetMembership::of(SECURE).position(1)]),
        key: Vec<u8> = ParameterSpec::new("Key").validate(&[Validation::NotNull]).sets(&[SetMembership::of(OPEN)]),
    }
    state {}
}

/// A secure string as a parameter.
#[derive(Default)]
struct SecureText(String);

impl crate::runtime::FromValue for SecureText {
    const TYPE: &'static str = "securestring";
    fn from_value(value: Value, _: &mut dyn crate::value::Engine) -> Outcome<Self> {
        Ok(SecureText(plain_text(&value).unwrap_or_default()))
    }
}

impl Cmdlet for ConvertFromSecureString {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.plain.0 {
            return run.write(Value::from(std::mem::take(&mut self.secure.0)));
        }
        let text = match key(&self.key, &self.secure_key)? {
            Some(key) => encrypted(&self.secure.0, &key),
            None => digits_of(&utf16(&self.secure.0)),
        };
        run.write(Value::from(text))
    }
}

fn invalid(why: &str) -> Fault {
    Fault::new("Argument", why)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.PSArgumentException")
}

/// The key that was given, if any: 16, 24 or 32 bytes.
fn key(open: &[u8], secure: &Value) -> Outcome<Option<Cipher>> {
    let bytes = match plain_text(secure) {
        Some(text) => utf16(&text),
        None if open.is_empty() => return Ok(None),
        None => open.to_vec(),
    };
    match Cipher::new(&bytes) {
        Some(cipher) => Ok(Some(cipher)),
        None => invalid("A key is made of 16, 24 or 32 bytes.").err(),
    }
}

/// AES by the length of its key.
enum Cipher {
    Short(aes::Aes128),
    Middle(aes::Aes192),
    Long(aes::Aes256),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Cipher> {
        match key.len() {
            16 => aes::Aes128::new_from_slice(key).ok().map(Cipher::Short),
            24 => aes::Aes192::new_from_slice(key).ok().map(Cipher::Middle),
            32 => aes::Aes256::new_from_slice(key).ok().map(Cipher::Long),
            _ => None,
        }
    }

    fn encrypt(&self, block: &mut [u8; BLOCK]) {
        let block = GenericArray::from_mut_slice(block);
        match self {
            Cipher::Short(cipher) => cipher.encrypt_block(block),
            Cipher::Middle(cipher) => cipher.encrypt_block(block),
            Cipher::Long(cipher) => cipher.encrypt_block(block),
        }
    }

    fn decrypt(&self, block: &mut [u8; BLOCK]) {
        let block = GenericArray::from_mut_slice(block);
        match self {
            Cipher::Short(cipher) => cipher.decrypt_block(block),
            Cipher::Middle(cipher) => cipher.decrypt_block(block),
            Cipher::Long(cipher) => cipher.decrypt_block(block),
        }
    }
}

fn combine(block: &mut [u8; BLOCK], with: &[u8; BLOCK]) {
    block.iter_mut().zip(with).for_each(|(byte, other)| *byte ^= other);
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn text_of(bytes: &[u8]) -> Option<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    bytes.len().is_multiple_of(2).then(|| String::from_utf16(&units).ok()).flatten()
}

fn digits_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

/// The text in cipher block chaining with padding, its start value beside it.
fn encrypted(text: &str, cipher: &Cipher) -> String {
    let start: [u8; BLOCK] = rand::rng().random();
    let mut data = utf16(text);
    let padding = BLOCK - data.len() % BLOCK;
    data.extend(std::iter::repeat_n(padding as u8, padding));
    let mut before = start;
    for chunk in data.chunks_exact_mut(BLOCK) {
        let mut block = [0; BLOCK];
        block.copy_from_slice(chunk);
        combine(&mut block, &before);
        cipher.encrypt(&mut block);
        chunk.copy_from_slice(&block);
        before = block;
    }
    let packed = format!("2|{}|{}", BASE64.encode(start), digits_of(&data));
    format!("{HEADER}{}", BASE64.encode(utf16(&packed)))
}

fn decrypted(text: &str, cipher: &Cipher) -> Option<String> {
    let packed = text_of(&BASE64.decode(text.strip_prefix(HEADER)?).ok()?)?;
    let mut parts = packed.split('|');
    let (Some("2"), Some(start), Some(digits)) = (parts.next(), parts.next(), parts.next()) else { return None };
    let mut before: [u8; BLOCK] = BASE64.decode(start).ok()?.try_into().ok()?;
    let mut data = bytes_of(digits).filter(|data| data.len().is_multiple_of(BLOCK))?;
    for chunk in data.chunks_exact_mut(BLOCK) {
        let mut block = [0; BLOCK];
        block.copy_from_slice(chunk);
        let next = block;
        cipher.decrypt(&mut block);
        combine(&mut block, &before);
        chunk.copy_from_slice(&block);
        before = next;
    }
    let padding = usize::from(*data.last()?);
    let kept = data.len().checked_sub(padding).filter(|_| (1..=BLOCK).contains(&padding))?;
    if data.get(kept..)?.iter().any(|byte| usize::from(*byte) != padding) {
        return None;
    }
    text_of(data.get(..kept)?)
}

cmdlet! {
    /// `Get-Credential`.
    pub(crate) struct GetCredential = "Get-Credential", class "Microsoft.PowerShell.Commands.GetCredentialCommand",
        module "Microsoft.PowerShell.Security" {
        default_set: Some("CredentialSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Asks the person at the terminal for a user name and a password.", examples: &[],
        outputs: &["System.Management.Automation.PSCredential"],
    }
    parameters {
        credential: Value = ParameterSpec::new("Credential").allow_null().sets(&[SetMembership::of("CredentialSet").position(0)]),
        message: Option<Str> = ParameterSpec::new("Message").validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("MessageSet")]),
        user: Option<Str> = ParameterSpec::new("UserName").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("MessageSet").position(0)]),
        title: Option<Str> = ParameterSpec::new("Title").validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("MessageSet")]),
    }
    state {}
}

impl Cmdlet for GetCredential {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if TypeRef::of(&self.credential) == TypeRef::PSCREDENTIAL {
            return run.write(self.credential.clone());
        }
        if !run.session.host.is_interactive() {
            return Fault::new(
                "InvalidOperation",
                "Get-Credential needs somebody to answer; this session is not interactive.",
            )
            .exception("System.Management.Automation.PSInvalidOperationException")
            .err();
        }
        run.session.host_line(&format!("\n{}", self.title.as_deref().unwrap_or("PowerShell credential request")));
        run.session.host_line(self.message.as_deref().unwrap_or("Enter your credentials."));
        let known = match &self.credential {
            Value::Str(name) => Some(name.clone()),
            _ => self.user.clone(),
        };
        let user = match known {
            Some(user) => user,
            None => Str::from(run.session.host.read_line("User: ").unwrap_or_default()),
        };
        let password = run.session.host.read_secret(&format!("Password for user {user}: ")).unwrap_or_default();
        if user.is_empty() {
            return Ok(());
        }
        let made = members::construct(run.session, TypeRef::PSCREDENTIAL, vec![Value::Str(user), secure(&password)])?;
        run.write(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encrypted_comes_back_with_the_same_key_only() {
        for length in [16, 24, 32] {
            let cipher = Cipher::new(&vec![7; length]).expect("a key of a known length");
            for text in ["", "abc", "[8Chars][8Chars]", "zürich €"] {
                assert_eq!(decrypted(&encrypted(text, &cipher), &cipher).as_deref(), Some(text));
            }
            let other = Cipher::new(&vec![8; length]).expect("a key of a known length");
            assert_ne!(decrypted(&encrypted("abc", &cipher), &other).as_deref(), Some("abc"));
        }
        assert!(Cipher::new(&[1, 2]).is_none());
    }
}
