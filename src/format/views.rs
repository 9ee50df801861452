//! The compiled-in views as data: one row per family of types, in PowerShell's widths and sides.

use super::cells::Alignment;
use super::expression::{Compute, Expression};
use super::view::{Body, Column, CustomBody, GroupBy, View};
use super::views_code as code;
use crate::value::Str;

/// A compiled-in view.
pub struct Row {
    types: &'static [&'static str],
    group: Option<(&'static str, &'static str, usize, Option<Compute>)>,
    body: RowBody,
    out_of_band: bool,
}

enum RowBody {
    Table(&'static [Cell]),
    List(&'static [Cell]),
    Wide(Cell),
    Custom(CustomBody),
}

#[derive(Clone, Copy)]
struct Cell {
    label: &'static str,
    property: &'static str,
    width: usize,
    alignment: Alignment,
    compute: Option<Compute>,
}

const fn left(property: &'static str, width: usize) -> Cell {
    Cell { label: property, property, width, alignment: Alignment::Left, compute: None }
}

const fn right(property: &'static str, width: usize) -> Cell {
    Cell { alignment: Alignment::Right, ..left(property, width) }
}

const fn line(property: &'static str) -> Cell {
    left(property, 0)
}

impl Cell {
    const fn from(self, property: &'static str) -> Cell {
        Cell { property, ..self }
    }
    const fn computed(self, compute: Compute) -> Cell {
        Cell { compute: Some(compute), ..self }
    }

    fn column(&self) -> Column {
        let name = Str::from(self.property);
        let expression = match self.compute {
            Some(compute) => Expression::Code(name, compute),
            None => Expression::Name(name),
        };
        Column::of(expression).label(self.label).width(self.width).align(self.alignment)
    }
}

const fn table(types: &'static [&'static str], cells: &'static [Cell]) -> Row {
    Row { types, group: None, body: RowBody::Table(cells), out_of_band: false }
}

const fn list(types: &'static [&'static str], cells: &'static [Cell]) -> Row {
    Row { types, group: None, body: RowBody::List(cells), out_of_band: false }
}

const fn custom(types: &'static [&'static str], body: CustomBody) -> Row {
    Row { types, group: None, body: RowBody::Custom(body), out_of_band: false }
}

impl Row {
    const fn grouped(self, property: &'static str, label: &'static str, indent: usize) -> Row {
        Row { group: Some((property, label, indent, None)), ..self }
    }
    const fn grouped_by(self, compute: Compute, label: &'static str, indent: usize) -> Row {
        Row { group: Some(("", label, indent, Some(compute))), ..self }
    }
    const fn apart(self) -> Row {
        Row { out_of_band: true, ..self }
    }

    /// As a view.
    pub fn view(&self) -> View {
        let columns = |cells: &[Cell]| cells.iter().map(Cell::column).collect();
        let group_by = self.group.map(|(property, label, indent, compute)| GroupBy {
            expression: match compute {
                Some(compute) => Expression::Code(Str::from(label), compute),
                None => Expression::Name(Str::from(property)),
            },
            label: Some(Str::from(label)),
            indent,
        });
        let body = match &self.body {
            RowBody::Table(cells) => Body::Table { columns: columns(cells), wrap: false, hide_headers: false },
            RowBody::List(cells) => Body::List(columns(cells)),
            RowBody::Wide(cell) => Body::Wide(cell.column()),
            RowBody::Custom(write) => Body::Custom(*write),
        };
        View {
            name: Str::from(self.types[0]),
            types: self.types.iter().copied().map(Str::from).collect(),
            group_by,
            body,
            out_of_band: self.out_of_band,
        }
    }
}

/// All compiled-in views.
pub fn all() -> impl Iterator<Item = &'static Row> {
    VIEWS.iter()
}

/// The compiled-in views of a type, in order.
pub fn of_type(name: &str) -> impl Iterator<Item = &'static Row> {
    let name = name.to_owned();
    VIEWS.iter().filter(move |row| row.types.iter().any(|candidate| candidate.eq_ignore_ascii_case(&name)))
}

const FILES: &[&str] = &["System.IO.DirectoryInfo", "System.IO.FileInfo"];
const COMMANDS: &[&str] = &["System.Management.Automation.CommandInfo"];

static VIEWS: &[Row] = &[
    table(&["System.Collections.DictionaryEntry"], &[left("Name", 30), line("Value")]),
    list(&["System.Collections.DictionaryEntry"], &[line("Name"), line("Value")]),
    table(
        &["System.RuntimeType", "System.Type"],
        &[left("IsPublic", 8), left("IsSerial", 8).computed(code::is_serial), left("Name", 40), line("BaseType")],
    ),
    table(
        FILES,
        &[
            left("UnixMode", 10),
            right("User", 10),
            left("Group", 10),
            right("LastWriteTime", 16).computed(code::last_write_time),
            right("Size", 12),
            line("Name").computed(code::file_name),
        ],
    )
    .grouped_by(code::parent_directory, "Directory", 4),
    list(
        &["System.IO.FileInfo"],
        &[
            line("Name"),
            line("Length"),
            line("CreationTime"),
            line("LastWriteTime"),
            line("LastAccessTime"),
            line("Mode"),
            line("LinkType"),
            line("Target"),
            line("VersionInfo"),
        ],
    )
    .grouped_by(code::parent_directory, "Directory", 4),
    list(
        &["System.IO.DirectoryInfo"],
        &[
            line("Name"),
            line("CreationTime"),
            line("LastWriteTime"),
            line("LastAccessTime"),
            line("Mode"),
            line("LinkType"),
            line("Target"),
        ],
    )
    .grouped_by(code::parent_directory, "Directory", 4),
    Row {
        types: FILES,
        group: None,
        body: RowBody::Wide(line("Name").computed(code::wide_file_name)),
        out_of_band: false,
    }
    .grouped_by(code::parent_directory, "Directory", 4),
    table(
        COMMANDS,
        &[left("CommandType", 15), left("Name", 50).computed(code::command_name), left("Version", 10), line("Source")],
    ),
    table(&["System.Management.Automation.PSVariable"], &[left("Name", 30), line("Value")]),
    table(&["Microsoft.PowerShell.Commands.GroupInfo"], &[right("Count", 5), left("Name", 25), line("Group")]),
    list(&["Microsoft.PowerShell.Commands.GroupInfo"], &[line("Name"), line("Count"), line("Group"), line("Values")]),
    table(&["Microsoft.PowerShell.Commands.GroupInfoNoElement"], &[right("Count", 5), left("Name", 25)]),
    list(
        &["Microsoft.PowerShell.Commands.GenericMeasureInfo"],
        &[
            line("Count"),
            line("Average"),
            line("Sum"),
            line("Maximum"),
            line("Minimum"),
            line("StandardDeviation"),
            line("Property"),
        ],
    ),
    list(
        &["Microsoft.PowerShell.Commands.GenericObjectMeasureInfo"],
        &[line("Count"), line("Average"), line("Sum"), line("Maximum"), line("Minimum"), line("Property")],
    ),
    table(
        &["Microsoft.PowerShell.Commands.TextMeasureInfo"],
        &[right("Lines", 0), right("Words", 0), right("Characters", 0), line("Property")],
    ),
    table(&["Microsoft.PowerShell.Commands.MemberDefinition"], &[line("Name"), line("MemberType"), line("Definition")])
        .grouped("TypeName", "TypeName", 3),
    list(
        &["System.TimeSpan"],
        &[
            line("Days"),
            line("Hours"),
            line("Minutes"),
            line("Seconds"),
            line("Milliseconds"),
            line("Ticks"),
            line("TotalDays"),
            line("TotalHours"),
            line("TotalMinutes"),
            line("TotalSeconds"),
            line("TotalMilliseconds"),
        ],
    ),
    custom(&["System.DateTime"], code::date_time),
    custom(&["Microsoft.PowerShell.Commands.MatchInfo"], code::match_info),
    custom(&["System.Management.Automation.ScriptBlock"], code::as_text).apart(),
    custom(&["System.Management.Automation.ErrorRecord", "System.Exception"], code::error).apart(),
    custom(
        &["System.Management.Automation.ErrorRecord#PSExtendedError", "System.Exception#PSExtendedError"],
        code::error_details,
    )
    .apart(),
    custom(
        &[
            "System.Management.Automation.WarningRecord",
            "System.Management.Automation.VerboseRecord",
            "System.Management.Automation.DebugRecord",
            "System.Management.Automation.InformationRecord",
        ],
        code::as_text,
    )
    .apart(),
    table(&["System.Version"], &[left("Major", 6), left("Minor", 6), left("Build", 6), left("Revision", 8)]),
    table(
        &["System.Management.Automation.SemanticVersion"],
        &[left("Major", 6), left("Minor", 6), left("Patch", 6), left("PreReleaseLabel", 15), line("BuildLabel")],
    ),
    table(&["System.Guid"], &[line("Guid").computed(code::guid)]),
    table(
        &["System.Management.Automation.PSDriveInfo"],
        &[
            left("Name", 10),
            right("Used (GB)", 13).computed(code::drive_used),
            right("Free (GB)", 13).computed(code::drive_free),
            left("Provider", 13),
            left("Root", 35),
            right("CurrentLocation", 0),
        ],
    ),
    table(
        &["System.Management.Automation.ProviderInfo"],
        &[left("Name", 20), left("Capabilities", 52), line("Drives")],
    ),
    table(
        &["System.Management.Automation.PSModuleInfo"],
        &[
            left("ModuleType", 10),
            left("Version", 10),
            left("PreRelease", 10),
            left("Name", 35),
            line("ExportedCommands").computed(code::exported_commands),
        ],
    ),
    table(
        &["System.Diagnostics.Process"],
        &[
            right("NPM(K)", 7).computed(code::process_npm),
            right("PM(M)", 8).computed(code::process_pm),
            right("WS(M)", 10).computed(code::process_ws),
            right("CPU(s)", 10).computed(code::process_cpu),
            right("Id", 7),
            right("SI", 3).from("SessionId"),
            line("ProcessName"),
        ],
    ),
    list(
        &["System.Diagnostics.Process"],
        &[line("Id"), line("Handles"), line("CPU"), line("SI").from("SessionId"), line("Name")],
    ),
    table(
        &["System.Management.Automation.Job"],
        &[
            left("Id", 6),
            left("Name", 15),
            left("PSJobTypeName", 15),
            left("State", 13),
            left("HasMoreData", 15),
            left("Location", 20),
            line("Command"),
        ],
    ),
    table(
        &["Microsoft.PowerShell.Commands.HistoryInfo"],
        &[right("Id", 4), right("Duration", 12).computed(code::history_duration), line("CommandLine")],
    ),
    table(&["System.Management.Automation.PathInfo"], &[line("Path")]),
    table(&["System.Globalization.CultureInfo"], &[left("LCID", 16), left("Name", 16), line("DisplayName")]),
    table(
        &["Microsoft.PowerShell.Commands.ByteCollection"],
        &[right("Offset", 16).from("HexOffset"), left("Bytes", 47).from("HexBytes"), line("Ascii")],
    )
    .grouped("Label", "Label", 3),
    table(&["Microsoft.PowerShell.Commands.FileHashInfo"], &[left("Algorithm", 15), left("Hash", 70), line("Path")]),
];
