//! `Get-Random` and `Get-SecureRandom`: numbers between limits, and picks from collections.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::random::Random;
use crate::value::{ErrorCategory, Fault, Outcome, TypeRef, Value, convert, enumerate, number};

const NUMBERS: &str = "RandomNumberParameterSet";
const ITEMS: &str = "RandomListItemParameterSet";
const SHUFFLE: &str = "ShuffleParameterSet";

const MAXIMUM: ParameterSpec = ParameterSpec::new("Maximum").sets(&[SetMembership::of(NUMBERS).position(0)]);
const MINIMUM: ParameterSpec = ParameterSpec::new("Minimum").sets(&[SetMembership::of(NUMBERS)]);
const INPUT: ParameterSpec = ParameterSpec::new("InputObject").allow_null().allow_empty().sets(&[
    SetMembership::of(ITEMS).mandatory().position(0).by_value(),
    SetMembership::of(SHUFFLE).mandatory().position(0).by_value(),
]);
const COUNT: ParameterSpec = ParameterSpec::new("Count")
    .validate(&[Validation::Range(1.0, 2_147_483_647.0)])
    .sets(&[SetMembership::of(NUMBERS), SetMembership::of(ITEMS)]);
const SHUFFLED: ParameterSpec = ParameterSpec::new("Shuffle").sets(&[SetMembership::of(SHUFFLE).mandatory()]);

cmdlet! {
    /// `Get-Random`.
    pub(crate) struct GetRandom = "Get-Random", class "Microsoft.PowerShell.Commands.GetRandomCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(NUMBERS), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives random numbers, or picks from a collection.",
        examples: &[("(Get-Random -Minimum 5 -Maximum 6)", "5\n")], outputs: &["System.Int32", "System.Int64", "System.Double"],
    }
    parameters {
        seed: Option<i32> = ParameterSpec::new("SetSeed"),
        maximum: Value = MAXIMUM,
        minimum: Value = MINIMUM,
        input: Value = INPUT,
        count: Option<i32> = COUNT,
        shuffle: Switch = SHUFFLED,
    }
    state { items: Vec<Value> }
}

cmdlet! {
    /// `Get-SecureRandom`.
    pub(crate) struct GetSecureRandom = "Get-SecureRandom", class "Microsoft.PowerShell.Commands.GetSecureRandomCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(NUMBERS), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives random numbers nobody can foretell, or picks from a collection.",
        examples: &[("(Get-SecureRandom -Minimum 5 -Maximum 6)", "5\n")], outputs: &["System.Int32", "System.Int64", "System.Double"],
    }
    parameters {
        maximum: Value = MAXIMUM,
        minimum: Value = MINIMUM,
        input: Value = INPUT,
        count: Option<i32> = COUNT,
        shuffle: Switch = SHUFFLED,
    }
    state { items: Vec<Value> }
}

/// The generator of the session, seeded by `-SetSeed`. Every number is made of four bytes of it, as PowerShell
/// makes them, so a seed gives the same numbers.
#[derive(Clone, Default)]
struct Generator(Random);

impl Generator {
    fn bytes(&mut self) -> i32 {
        i32::from_le_bytes([self.0.byte(), self.0.byte(), self.0.byte(), self.0.byte()])
    }

    /// Four bytes that are not the largest number.
    fn sample(&mut self) -> i32 {
        loop {
            let drawn = self.bytes();
            if drawn != i32::MAX {
                return drawn;
            }
        }
    }

    fn fraction(&mut self) -> f64 {
        let drawn = self.sample();
        let positive = if drawn < 0 { drawn + i32::MAX } else { drawn };
        f64::from(positive) * (1.0 / f64::from(i32::MAX))
    }

    fn whole(&mut self, low: i32, high: i32) -> i32 {
        let range = i64::from(high) - i64::from(low);
        if range <= i64::from(i32::MAX) {
            return (self.fraction() * range as f64) as i32 + low;
        }
        let wide = (f64::from(self.sample()) + f64::from(i32::MAX)) * (1.0 / f64::from(2 * (i32::MAX as u32)));
        ((wide * range as f64) as i64 + i64::from(low)) as i32
    }

    fn long(&mut self, low: i64, high: i64) -> i64 {
        let range = i128::from(high) - i128::from(low);
        if let Ok(range) = i32::try_from(range) {
            return low + i64::from(self.whole(0, range));
        }
        let range = range as u64;
        let mask = u64::MAX >> range.leading_zeros();
        loop {
            let (first, second) = (self.bytes() as u32, self.bytes() as u32);
            let drawn = (u64::from(first) | u64::from(second) << 32) & mask;
            if drawn < range {
                // Through a double, as PowerShell adds them.
                return (low as f64 + drawn as f64) as i64;
            }
        }
    }

    fn real(&mut self, low: f64, high: f64) -> f64 {
        let mut range = high - low;
        loop {
            let part = self.fraction();
            let drawn = match range.is_infinite() {
                true => low + part * high - part * low,
                false => low + part * range,
            };
            if drawn < high {
                return drawn;
            }
            range *= part;
        }
    }

    /// A place in a list.
    fn place(&mut self, low: usize, high: usize) -> usize {
        let (low, high) = (i32::try_from(low).unwrap_or(i32::MAX), i32::try_from(high).unwrap_or(i32::MAX));
        usize::try_from(self.whole(low, high)).unwrap_or(0)
    }
}

/// Two limits as numbers of one kind.
enum Limits {
    Whole(i32, i32),
    Long(i64, i64),
    Real(f64, f64),
}

/// A limit as a number: text is read as the language reads numbers.
fn limit(value: &Value) -> Outcome<Value> {
    Ok(match value {
        Value::Str(text) => number::scan(text.trim().trim_start_matches('+'))
            .map_or_else(|| convert::to_plain(value, TypeRef::INT32), Ok)?,
        Value::I8(_) | Value::U8(_) | Value::I16(_) | Value::U16(_) => Value::I32(convert::to_i32(value)?),
        Value::U32(_) => Value::I64(convert::to_i64(value)?),
        Value::F32(_) | Value::Decimal(_) | Value::BigInt(_) | Value::U64(_) => match convert::to_i64(value) {
            Ok(whole) if matches!(value, Value::U64(_) | Value::BigInt(_)) => Value::I64(whole),
            _ => Value::F64(convert::to_f64(value)?),
        },
        other => other.clone(),
    })
}

impl Limits {
    fn of(minimum: &Value, maximum: &Value) -> Outcome<Limits> {
        let (low, high) = (limit(minimum)?, limit(maximum)?);
        let is_real = |value: &Value| matches!(value, Value::F64(_));
        let is_long = |value: &Value| matches!(value, Value::I64(_));
        let limits = if is_real(&low) || is_real(&high) {
            let high = if high.is_null() { f64::MAX } else { convert::to_f64(&high)? };
            Limits::Real(if low.is_null() { 0.0 } else { convert::to_f64(&low)? }, high)
        } else if is_long(&low) || is_long(&high) {
            Limits::Long(convert::to_i64(&low)?, if high.is_null() { i64::MAX } else { convert::to_i64(&high)? })
        } else {
            Limits::Whole(convert::to_i32(&low)?, if high.is_null() { i32::MAX } else { convert::to_i32(&high)? })
        };
        let fits = match limits {
            Limits::Whole(low, high) => low < high,
            Limits::Long(low, high) => low < high,
            Limits::Real(low, high) => low < high,
        };
        if fits { Ok(limits) } else { crossed(minimum, maximum).err() }
    }

    fn draw(&self, source: &mut Generator) -> Value {
        match *self {
            Limits::Whole(low, high) => Value::I32(source.whole(low, high)),
            Limits::Long(low, high) => Value::I64(source.long(low, high)),
            Limits::Real(low, high) => Value::F64(source.real(low, high)),
        }
    }
}

fn crossed(low: &Value, high: &Value) -> Fault {
    let text = format!("-Minimum ({}) must be below -Maximum ({}).", convert::to_text(low), convert::to_text(high));
    Fault::new("MinGreaterThanOrEqualMax", text)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.ArgumentException")
}

/// What both cmdlets were told.
struct Request<'a> {
    maximum: &'a Value,
    minimum: &'a Value,
    count: Option<i32>,
    all: bool,
}

impl Request<'_> {
    /// True where the limits are in truth a list to pick from: `Get-Random 1, 2, 3`.
    fn is_list(&self, run: &Invocation<'_>) -> bool {
        run.parameter_set() != NUMBERS || matches!(self.maximum, Value::Array(_)) || run.expects_input()
    }

    fn numbers(&self, run: &mut Invocation<'_>, source: &mut Generator) -> Outcome<()> {
        let limits = Limits::of(self.minimum, self.maximum)?;
        (0..self.count.unwrap_or(1)).try_for_each(|_| run.write(limits.draw(source)))
    }

    fn picks(&self, run: &mut Invocation<'_>, mut items: Vec<Value>, source: &mut Generator) -> Outcome<()> {
        items.extend(enumerate(self.maximum).unwrap_or_default());
        let wanted = if self.all { usize::MAX } else { usize::try_from(self.count.unwrap_or(1)).unwrap_or(1) };
        for at in wanted..items.len() {
            if source.place(0, at + 1) < wanted {
                let replaced = source.place(0, wanted);
                items.swap(replaced, at);
            }
        }
        items.truncate(wanted);
        let count = items.len();
        for at in 0..count {
            let chosen = source.place(at, count);
            items.swap(at, chosen);
        }
        items.into_iter().try_for_each(|item| run.write(item))
    }
}

macro_rules! random_cmdlet {
    ($name:ident, $source:expr) => {
        impl Cmdlet for $name {
            fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                self.seed(run);
                let request = self.request();
                if request.is_list(run) {
                    return Ok(());
                }
                let mut source = $source(run);
                request.numbers(run, &mut source)?;
                self.keep(run, source);
                Ok(())
            }

            fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                if self.request().is_list(run) && run.is_bound("InputObject") {
                    self.items.extend(enumerate(&self.input).unwrap_or_else(|| vec![self.input.clone()]));
                }
                Ok(())
            }

            fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                if !self.request().is_list(run) {
                    return Ok(());
                }
                let items = std::mem::take(&mut self.items);
                let mut source = $source(run);
                self.request().picks(run, items, &mut source)?;
                self.keep(run, source);
                Ok(())
            }
        }

        impl $name {
            fn request(&self) -> Request<'_> {
                let all = self.shuffle.0;
                Request { maximum: &self.maximum, minimum: &self.minimum, count: self.count, all }
            }
        }
    };
}

random_cmdlet!(GetRandom, |run: &mut Invocation<'_>| run.session.extension::<Generator>().clone());
random_cmdlet!(GetSecureRandom, |_: &mut Invocation<'_>| Generator::default());

impl GetRandom {
    fn seed(&self, run: &mut Invocation<'_>) {
        if let Some(seed) = self.seed {
            run.session.extension::<Generator>().0 = Random::seeded(seed);
        }
    }

    fn keep(&self, run: &mut Invocation<'_>, source: Generator) {
        *run.session.extension::<Generator>() = source;
    }
}

impl GetSecureRandom {
    fn seed(&self, _: &mut Invocation<'_>) {}

    fn keep(&self, _: &mut Invocation<'_>, _: Generator) {}
}
