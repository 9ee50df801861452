//! The twenty scenarios of an administrator's work, as scripts under `tests/scenarios`, each with what it prints.
//! Every one starts from the same deployment: fixture.ps1 makes it once, and each scenario works on a copy.

mod common;

use common::{deployment, folder, run};
use std::fs;

/// Lines without trailing blanks and without empty lines around and between: layout is tested elsewhere.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect()
}

fn scenario(name: &str) {
    let home = deployment();
    let expected = fs::read_to_string(folder().join(format!("{name}.expect"))).expect("what is expected");
    let (printed, errors) = run(&folder().join(format!("{name}.ps1")), home.path());
    assert_eq!(lines(&printed), lines(&expected), "{name} printed:\n{printed}\nand to standard error:\n{errors}");
}

macro_rules! scenarios {
    ($($name:ident $file:literal;)*) => {
        $(#[test]
        fn $name() {
            scenario($file);
        })*
    };
}

scenarios! {
    s01_first_room "S01";
    s02_bulk_creation_from_csv "S02";
    s03_rooms_without_members "S03";
    s04_ethical_wall "S04";
    s05_access_by_department "S05";
    s06_site_and_pool_policy "S06";
    s07_review_before_removal "S07";
    s08_auditorium "S08";
    s09_moving_a_room "S09";
    s10_stale_rooms "S10";
    s11_small_database "S11";
    s12_taking_back_a_leak "S12";
    s13_compliance_for_one_pool "S13";
    s14_replacing_group_chat "S14";
    s15_losing_the_data_centre "S15";
    s16_maintenance_of_one_server "S16";
    s17_backup_and_restore "S17";
    s18_chat_on_standard_edition "S18";
    s19_who_may_do_what "S19";
    s20_opening_to_a_partner "S20";
}
