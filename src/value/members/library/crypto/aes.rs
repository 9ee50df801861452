//! `Aes` and its transforms.

use super::super::super::table::{Call, PropertyRow, Table, get, set};
use super::super::super::{integer_of, thrown};
use super::super::array;
use super::{failed, random, state};
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Value};
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit, generic_array::GenericArray};
use std::any::Any;
use std::cell::{Cell, RefCell};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::AES, &AES),
    (TypeRef::AES_MANAGED, &Table { constructors: &[("Aes()", |_| created())], ..Table::EMPTY }),
    (TypeRef::AES_PROVIDER, &Table { constructors: &[("Aes()", |_| created())], ..Table::EMPTY }),
    (TypeRef::CRYPTO_TRANSFORM_OBJECT, &TRANSFORM),
];

/// Bytes of a block.
const BLOCK: usize = 16;
// `CipherMode` and `PaddingMode`, by number.
const CBC: i64 = 1;
const ECB: i64 = 2;
const NO_PADDING: i64 = 1;
const PKCS7: i64 = 2;
const ZEROS: i64 = 3;
const ANSI: i64 = 4;

/// AES by the length of its key.
enum Cipher {
    Short(aes::Aes128),
    Middle(aes::Aes192),
    Long(aes::Aes256),
}

impl Cipher {
    fn new(key: &[u8]) -> Outcome<Cipher> {
        let made = match key.len() {
            16 => aes::Aes128::new_from_slice(key).map(Cipher::Short),
            24 => aes::Aes192::new_from_slice(key).map(Cipher::Middle),
            _ => aes::Aes256::new_from_slice(key).map(Cipher::Long),
        };
        made.map_err(|_| failed("A key of AES has 16, 24 or 32 bytes."))
    }

    fn apply(&self, block: &mut [u8; BLOCK], encrypt: bool) {
        let block = GenericArray::from_mut_slice(block);
        match (self, encrypt) {
            (Cipher::Short(cipher), true) => cipher.encrypt_block(block),
            (Cipher::Middle(cipher), true) => cipher.encrypt_block(block),
            (Cipher::Long(cipher), true) => cipher.encrypt_block(block),
            (Cipher::Short(cipher), false) => cipher.decrypt_block(block),
            (Cipher::Middle(cipher), false) => cipher.decrypt_block(block),
            (Cipher::Long(cipher), false) => cipher.decrypt_block(block),
        }
    }
}

/// One way through a message: block by block, each made dependent on the one before unless the mode is ECB.
struct Transform {
    cipher: Cipher,
    encrypts: bool,
    chained: bool,
    padding: i64,
    start: [u8; BLOCK],
    previous: Cell<[u8; BLOCK]>,
    /// What was given, and is not yet through.
    pending: RefCell<Vec<u8>>,
}

impl NativeObject for Transform {
    fn kind(&self) -> TypeRef {
        TypeRef::CRYPTO_TRANSFORM_OBJECT
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Transform {
    fn new(key: &[u8], vector: &[u8], encrypts: bool, mode: i64, padding: i64) -> Outcome<Transform> {
        let start = match mode {
            ECB => [0; BLOCK],
            CBC => vector.try_into().map_err(|_| failed("The vector of AES has 16 bytes."))?,
            _ => return Err(failed("Of the modes of AES, CBC and ECB are offered.")),
        };
        let cipher = Cipher::new(key)?;
        let (chained, pending) = (mode == CBC, RefCell::default());
        Ok(Transform { cipher, encrypts, chained, padding, start, previous: Cell::new(start), pending })
    }

    /// Whole blocks.
    fn blocks(&self, bytes: &[u8]) -> Vec<u8> {
        let mut done = Vec::with_capacity(bytes.len());
        let (chunks, _) = bytes.as_chunks::<BLOCK>();
        for chunk in chunks {
            let mut block = *chunk;
            if self.encrypts && self.chained {
                mix(&mut block, &self.previous.get());
            }
            self.cipher.apply(&mut block, self.encrypts);
            if self.chained {
                if !self.encrypts {
                    mix(&mut block, &self.previous.get());
                }
                self.previous.set(if self.encrypts { block } else { *chunk });
            }
            done.extend(block);
        }
        done
    }

    /// The rest of a message, padded or with its padding taken off; then the transform starts anew.
    fn finish(&self, rest: &[u8]) -> Outcome<Vec<u8>> {
        let mut all = self.pending.take();
        all.extend_from_slice(rest);
        if self.encrypts {
            pad(&mut all, self.padding)?;
        }
        if !all.len().is_multiple_of(BLOCK) {
            return Err(failed("The length of the data is no multiple of the block's."));
        }
        let mut done = self.blocks(&all);
        self.previous.set(self.start);
        if !self.encrypts {
            strip(&mut done, self.padding)?;
        }
        Ok(done)
    }
}

fn mix(block: &mut [u8; BLOCK], other: &[u8; BLOCK]) {
    block.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
}

fn pad(bytes: &mut Vec<u8>, padding: i64) -> Outcome<()> {
    let missing = BLOCK - bytes.len() % BLOCK;
    let length = missing as u8;
    match padding {
        PKCS7 => bytes.extend(std::iter::repeat_n(length, missing)),
        ANSI => {
            bytes.extend(std::iter::repeat_n(0, missing - 1));
            bytes.push(length);
        }
        ZEROS => bytes.extend(std::iter::repeat_n(0, missing % BLOCK)),
        NO_PADDING => {}
        _ => return Err(failed("This padding is not offered.")),
    }
    Ok(())
}

fn strip(bytes: &mut Vec<u8>, padding: i64) -> Outcome<()> {
    if !matches!(padding, PKCS7 | ANSI) {
        return Ok(());
    }
    let invalid = || failed("The padding is invalid and cannot be removed: another key, or changed data.");
    let count = usize::from(*bytes.last().ok_or_else(invalid)?);
    let keep = bytes.len().checked_sub(count).filter(|_| (1..=BLOCK).contains(&count)).ok_or_else(invalid)?;
    let whole = bytes.get(keep..).unwrap_or_default();
    if padding == PKCS7 && whole.iter().any(|byte| usize::from(*byte) != count) {
        return Err(invalid());
    }
    bytes.truncate(keep);
    Ok(())
}

/// A range of the first argument, given by the next two.
fn part(c: &Call<'_>) -> Outcome<Vec<u8>> {
    let bytes = array::bytes_of(c.arg(0));
    let range = usize::try_from(c.int(1)).ok().zip(usize::try_from(c.int(2)).ok());
    let found = range.and_then(|(start, count)| bytes.get(start..start.checked_add(count)?));
    found.map(<[u8]>::to_vec).ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, "The range is outside the bytes."))
}

fn transform<'a>(c: &Call<'a>) -> Outcome<&'a Transform> {
    state::<Transform>(c.this).ok_or_else(|| failed("This is no transform."))
}

static TRANSFORM: Table = Table {
    methods: &[
        ("byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)", |c| {
            let rest = part(c)?;
            Ok(array::bytes(transform(c)?.finish(&rest)?))
        }),
        (
            "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)",
            |c| {
                let (transform, bytes) = (transform(c)?, part(c)?);
                let mut pending = transform.pending.borrow_mut();
                pending.extend(bytes);
                // The last block of what is decrypted may be padding, and is kept until the end is known.
                let held = usize::from(!transform.encrypts && transform.padding != NO_PADDING);
                let whole = (pending.len() / BLOCK).saturating_sub(held) * BLOCK;
                let ready: Vec<u8> = pending.drain(..whole).collect();
                let done = transform.blocks(&ready);
                if let (Value::Array(output), Ok(start)) = (c.arg(3), usize::try_from(c.int(4))) {
                    for (place, byte) in output.items_mut().iter_mut().skip(start).zip(&done) {
                        *place = Value::U8(*byte);
                    }
                }
                Ok(Value::I32(done.len() as i32))
            },
        ),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    properties: &[
        get("InputBlockSize", "int", |_, _| Ok(Value::I32(BLOCK as i32))),
        get("OutputBlockSize", "int", |_, _| Ok(Value::I32(BLOCK as i32))),
        get("CanTransformMultipleBlocks", "bool", |_, _| Ok(Value::Bool(true))),
        get("CanReuseTransform", "bool", |_, _| Ok(Value::Bool(true))),
    ],
    ..Table::EMPTY
};

/// Key, vector and how blocks are chained and padded.
struct Aes {
    key: RefCell<Vec<u8>>,
    vector: RefCell<Vec<u8>>,
    mode: Cell<i64>,
    padding: Cell<i64>,
}

impl NativeObject for Aes {
    fn kind(&self) -> TypeRef {
        TypeRef::AES_IMPLEMENTATION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn created() -> Outcome<Value> {
    Ok(Native::value(Aes {
        key: RefCell::new(random::bytes(32)),
        vector: RefCell::new(random::bytes(BLOCK)),
        mode: Cell::new(CBC),
        padding: Cell::new(PKCS7),
    }))
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Aes> {
    state::<Aes>(c.this).ok_or_else(|| failed("This is no AES."))
}

/// `CreateEncryptor` and `CreateDecryptor`, with a key and a vector of their own or without.
fn transformer(c: &Call<'_>, encrypts: bool) -> Outcome<Value> {
    let aes = this(c)?;
    let given = |index: usize, own: &RefCell<Vec<u8>>| match c.args.len() {
        2 => array::bytes_of(c.arg(index)),
        _ => own.borrow().clone(),
    };
    let (key, vector) = (given(0, &aes.key), given(1, &aes.vector));
    Transform::new(&key, &vector, encrypts, aes.mode.get(), aes.padding.get()).map(Native::value)
}

/// A whole message at once, in a mode of its own.
fn at_once(c: &Call<'_>, encrypts: bool, mode: i64) -> Outcome<Value> {
    let aes = this(c)?;
    let (vector, next) = if mode == CBC { (array::bytes_of(c.arg(1)), 2) } else { (Vec::new(), 1) };
    let default = if mode == CBC { PKCS7 } else { NO_PADDING };
    let padding = if c.args.len() > next { c.int(next) } else { default };
    let transform = Transform::new(&aes.key.borrow(), &vector, encrypts, mode, padding)?;
    Ok(array::bytes(transform.finish(&array::bytes_of(c.arg(0)))?))
}

fn look(value: &Value, look: impl Fn(&Aes) -> Value) -> Outcome<Value> {
    Ok(state::<Aes>(value).map_or(Value::Null, look))
}

fn change(value: &Value, change: impl FnOnce(&Aes) -> Outcome<()>) -> Outcome<()> {
    state::<Aes>(value).map_or(Ok(()), change)
}

const PROPERTIES: &[PropertyRow] = &[
    set("BlockSize", "int", |_, _| Ok(Value::I32(128)), |_, _, _| Ok(())),
    set(
        "IV",
        "byte[]",
        |_, v| look(v, |aes| array::bytes(aes.vector.borrow().clone())),
        |_, v, new| {
            let bytes = array::bytes_of(&new);
            if bytes.len() != BLOCK {
                return Err(failed("The vector of AES has 16 bytes."));
            }
            change(v, |aes| {
                aes.vector.replace(bytes);
                Ok(())
            })
        },
    ),
    set(
        "Key",
        "byte[]",
        |_, v| look(v, |aes| array::bytes(aes.key.borrow().clone())),
        |_, v, new| {
            let bytes = array::bytes_of(&new);
            Cipher::new(&bytes)?;
            change(v, |aes| {
                aes.key.replace(bytes);
                Ok(())
            })
        },
    ),
    set(
        "KeySize",
        "int",
        |_, v| look(v, |aes| Value::I32(aes.key.borrow().len() as i32 * 8)),
        |_, v, new| match integer_of(&new) {
            Some(bits @ (128 | 192 | 256)) => change(v, |aes| {
                aes.key.replace(random::bytes(bits as usize / 8));
                Ok(())
            }),
            _ => Err(failed("A key of AES has 128, 192 or 256 bits.")),
        },
    ),
    set(
        "Mode",
        "System.Security.Cryptography.CipherMode",
        |_, v| look(v, |aes| TypeRef::CIPHER_MODE.enum_of(aes.mode.get())),
        |_, v, new| {
            change(v, |aes| {
                aes.mode.set(integer_of(&new).unwrap_or(CBC));
                Ok(())
            })
        },
    ),
    set(
        "Padding",
        "System.Security.Cryptography.PaddingMode",
        |_, v| look(v, |aes| TypeRef::PADDING_MODE.enum_of(aes.padding.get())),
        |_, v, new| {
            change(v, |aes| {
                aes.padding.set(integer_of(&new).unwrap_or(PKCS7));
                Ok(())
            })
        },
    ),
];

static AES: Table = Table {
    methods: &[
        ("System.Security.Cryptography.ICryptoTransform CreateEncryptor()", |c| transformer(c, true)),
        ("System.Security.Cryptography.ICryptoTransform CreateEncryptor(byte[] rgbKey, byte[] rgbIV)", |c| {
            transformer(c, true)
        }),
        ("System.Security.Cryptography.ICryptoTransform CreateDecryptor()", |c| transformer(c, false)),
        ("System.Security.Cryptography.ICryptoTransform CreateDecryptor(byte[] rgbKey, byte[] rgbIV)", |c| {
            transformer(c, false)
        }),
        ("byte[] EncryptCbc(byte[] plaintext, byte[] iv)", |c| at_once(c, true, CBC)),
        ("byte[] EncryptCbc(byte[] plaintext, byte[] iv, System.Security.Cryptography.PaddingMode paddingMode)", |c| {
            at_once(c, true, CBC)
        }),
        ("byte[] DecryptCbc(byte[] ciphertext, byte[] iv)", |c| at_once(c, false, CBC)),
        (
            "byte[] DecryptCbc(byte[] ciphertext, byte[] iv, System.Security.Cryptography.PaddingMode paddingMode)",
            |c| at_once(c, false, CBC),
        ),
        ("byte[] EncryptEcb(byte[] plaintext, System.Security.Cryptography.PaddingMode paddingMode)", |c| {
            at_once(c, true, ECB)
        }),
        ("byte[] DecryptEcb(byte[] ciphertext, System.Security.Cryptography.PaddingMode paddingMode)", |c| {
            at_once(c, false, ECB)
        }),
        ("void GenerateKey()", |c| {
            let aes = this(c)?;
            let length = aes.key.borrow().len();
            aes.key.replace(random::bytes(length));
            Ok(Value::Nothing)
        }),
        ("void GenerateIV()", |c| {
            this(c)?.vector.replace(random::bytes(BLOCK));
            Ok(Value::Nothing)
        }),
        ("void Clear()", |_| Ok(Value::Nothing)),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    statics: &[("static System.Security.Cryptography.Aes Create()", |_| created())],
    properties: PROPERTIES,
    ..Table::EMPTY
};
