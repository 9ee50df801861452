//! The digests and keyed digests behind the classes that name them.

use crate::value::TypeRef;
use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// One family: a digest, and the classes that compute it.
pub(crate) struct Family {
    /// `SHA256`, as `HashAlgorithmName` has it.
    pub(crate) name: &'static str,
    /// The abstract class.
    pub(crate) class: TypeRef,
    /// What `Create` makes.
    pub(crate) made: TypeRef,
    /// The keyed class.
    pub(crate) keyed_class: TypeRef,
    /// Bits of a digest.
    pub(crate) bits: i32,
    /// Bytes of a block, which is the length of a key that is made.
    pub(crate) block: usize,
    /// The digest.
    pub(crate) hash: fn(&[u8]) -> Vec<u8>,
    /// The keyed digest.
    pub(crate) keyed: fn(&[u8], &[u8]) -> Vec<u8>,
}

/// A keyed digest; a key may have any length.
macro_rules! keyed {
    ($digest:ty) => {
        |key, bytes| match Hmac::<$digest>::new_from_slice(key) {
            Ok(mut mac) => {
                mac.update(bytes);
                mac.finalize().into_bytes().to_vec()
            }
            Err(_) => Vec::new(),
        }
    };
}

/// All of them.
pub(crate) const FAMILIES: [Family; 5] = [
    Family {
        name: "SHA256",
        class: TypeRef::SHA256,
        made: TypeRef::SHA256_IMPLEMENTATION,
        keyed_class: TypeRef::HMACSHA256,
        bits: 256,
        block: 64,
        hash: |bytes| Sha256::digest(bytes).to_vec(),
        keyed: keyed!(Sha256),
    },
    Family {
        name: "SHA1",
        class: TypeRef::SHA1,
        made: TypeRef::SHA1_IMPLEMENTATION,
        keyed_class: TypeRef::HMACSHA1,
        bits: 160,
        block: 64,
        hash: |bytes| Sha1::digest(bytes).to_vec(),
        keyed: keyed!(Sha1),
    },
    Family {
        name: "SHA384",
        class: TypeRef::SHA384,
        made: TypeRef::SHA384_IMPLEMENTATION,
        keyed_class: TypeRef::HMACSHA384,
        bits: 384,
        block: 128,
        hash: |bytes| Sha384::digest(bytes).to_vec(),
        keyed: keyed!(Sha384),
    },
    Family {
        name: "SHA512",
        class: TypeRef::SHA512,
        made: TypeRef::SHA512_IMPLEMENTATION,
        keyed_class: TypeRef::HMACSHA512,
        bits: 512,
        block: 128,
        hash: |bytes| Sha512::digest(bytes).to_vec(),
        keyed: keyed!(Sha512),
    },
    Family {
        name: "MD5",
        class: TypeRef::MD5,
        made: TypeRef::MD5_IMPLEMENTATION,
        keyed_class: TypeRef::HMACMD5,
        bits: 128,
        block: 64,
        hash: |bytes| Md5::digest(bytes).to_vec(),
        keyed: keyed!(Md5),
    },
];

/// The family of a class, keyed or not.
pub(crate) fn of_class(kind: TypeRef) -> Option<&'static Family> {
    static KNOWN: [Family; 5] = FAMILIES;
    KNOWN.iter().find(|family| kind.bases().any(|base| base == family.class || base == family.keyed_class))
}

/// The family of a name such as `SHA-256` or `sha256`.
pub(crate) fn of_name(name: &str) -> Option<&'static Family> {
    static KNOWN: [Family; 5] = FAMILIES;
    let plain = name.rsplit('.').next().unwrap_or(name).replace('-', "");
    KNOWN.iter().find(|family| family.name.eq_ignore_ascii_case(&plain))
}
