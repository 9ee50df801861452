//! The compiled-in views as data: one row per family of types, in PowerShell's widths and sides.

use super::{Cell, Row, custom, left, line, list, right, table, wide, wrapped};
use crate::format::views_code as code;

const FILES: &[&str] = &["System.IO.DirectoryInfo", "System.IO.FileInfo"];
const COMMANDS: &[&str] = &[
    "System.Management.Automation.AliasInfo",
    "System.Management.Automation.ApplicationInfo",
    "System.Management.Automation.CmdletInfo",
    "System.Management.Automation.ExternalScriptInfo",
    "System.Management.Automation.FilterInfo",
    "System.Management.Automation.FunctionInfo",
    "System.Management.Automation.ScriptInfo",
    "System.Management.Automation.CommandInfo",
];
const FUNCTIONS: &[&str] = &["System.Management.Automation.FilterInfo", "System.Management.Automation.FunctionInfo"];
const BREAKPOINTS: &[&str] = &[
    "System.Management.Automation.CommandBreakpoint",
    "System.Management.Automation.LineBreakpoint",
    "System.Management.Automation.VariableBreakpoint",
];

/// What a directory lists where links and modes are not read from the file system's own record.
const CHILDREN: &[Cell] = &[
    left("Mode", 7),
    right("LastWriteTime", 26).computed(code::last_write_time_padded),
    right("Length", 14).computed(code::length_of_file),
    line("Name").computed(code::file_name),
];

pub(super) static VIEWS: &[Row] = &[
    table(&["System.Collections.DictionaryEntry"], &[left("Name", 30), line("Value")]).named("Dictionary"),
    list(&["System.Collections.DictionaryEntry"], &[line("Name"), line("Value")]),
    table(
        &["System.RuntimeType", "System.Type"],
        &[left("IsPublic", 8), left("IsSerial", 8).computed(code::is_serial), left("Name", 40), line("BaseType")],
    ),
    wrapped(
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
    .named("childrenWithUnixStat")
    .grouped_by(code::parent_directory, "Directory", 4),
    wrapped(FILES, CHILDREN).named("children").grouped_by(code::parent_directory, "Directory", 4),
    wrapped(FILES, CHILDREN).named("childrenWithHardlink").grouped_by(code::parent_directory, "Directory", 4),
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
    .named("children")
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
    .named("children")
    .grouped_by(code::parent_directory, "Directory", 4),
    wide(FILES, line("Name").computed(code::wide_file_name)).named("children").grouped_by(
        code::parent_directory,
        "Directory",
        4,
    ),
    table(
        COMMANDS,
        &[left("CommandType", 15), left("Name", 50).computed(code::command_name), left("Version", 10), line("Source")],
    )
    .named("CommandInfo"),
    list(FUNCTIONS, &[line("Name"), line("CommandType"), line("Definition")]),
    list(
        &["System.Management.Automation.CmdletInfo"],
        &[
            line("Name"),
            line("CommandType"),
            line("Definition"),
            line("Path"),
            line("DLL"),
            line("HelpFile"),
            line("ParameterSets"),
            line("ImplementingType"),
            line("Verb"),
            line("Noun"),
        ],
    ),
    list(
        &["System.Management.Automation.AliasInfo"],
        &[
            line("DisplayName"),
            line("CommandType"),
            line("Definition"),
            line("ReferencedCommand"),
            line("ResolvedCommand"),
        ],
    ),
    list(
        &["System.Management.Automation.ApplicationInfo"],
        &[
            line("Name"),
            line("CommandType"),
            line("Definition"),
            line("Extension"),
            line("Path"),
            line("FileVersionInfo"),
        ],
    ),
    list(
        &["System.Management.Automation.ScriptInfo"],
        &[line("Name"), line("CommandType"), line("Definition"), line("Path")],
    ),
    table(&["System.Management.Automation.PSVariable"], &[left("Name", 30), line("Value")]).named("Variable"),
    table(&["Microsoft.PowerShell.Commands.GroupInfo"], &[right("Count", 5), left("Name", 25), line("Group")]),
    list(&["Microsoft.PowerShell.Commands.GroupInfo"], &[line("Name"), line("Count"), line("Group"), line("Values")]),
    table(&["Microsoft.PowerShell.Commands.GroupInfoNoElement"], &[right("Count", 5), left("Name", 25)]),
    list(&["Microsoft.PowerShell.Commands.GroupInfoNoElement"], &[line("Name"), line("Count"), line("Values")]),
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
    table(&["System.TimeSpan"], &[line("Days"), line("Hours"), line("Minutes"), line("Seconds"), line("Milliseconds")]),
    wide(&["System.TimeSpan"], line("TotalMilliseconds")),
    custom(&["System.DateTime"], code::date_time).named("DateTime"),
    custom(&["Microsoft.PowerShell.Commands.MatchInfo"], code::match_info).named("MatchInfo"),
    custom(&["System.Management.Automation.ScriptBlock"], code::as_text).apart(),
    custom(&["System.Management.Automation.ErrorRecord"], code::error).apart(),
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
        &[left("Major", 6), left("Minor", 6), left("Patch", 6), left("PreReleaseLabel", 15), left("BuildLabel", 11)],
    ),
    table(&["System.Guid"], &[line("Guid").computed(code::guid)]),
    table(
        &["System.Management.Automation.PSDriveInfo"],
        &[
            left("Name", 10),
            right("Used (GB)", 13).computed(code::drive_used),
            right("Free (GB)", 13).computed(code::drive_free),
            left("Provider", 13).computed(code::drive_provider),
            left("Root", 35),
            right("CurrentLocation", 0),
        ],
    )
    .named("drive"),
    list(
        &["System.Management.Automation.PSDriveInfo"],
        &[line("Name"), line("Description"), line("Provider"), line("Root"), line("CurrentLocation")],
    ),
    table(&["System.Management.Automation.ProviderInfo"], &[left("Name", 20), line("Capabilities"), line("Drives")])
        .named("provider"),
    list(
        &["System.Management.Automation.ProviderInfo"],
        &[
            line("Name"),
            line("Drives"),
            line("Path"),
            line("Home"),
            line("Description"),
            line("Capabilities"),
            line("ImplementingType"),
        ],
    )
    .named("provider"),
    table(
        &["System.Management.Automation.PSModuleInfo"],
        &[
            left("ModuleType", 10),
            left("Version", 10),
            left("PreRelease", 10),
            left("Name", 35),
            line("ExportedCommands").computed(code::exported_commands),
        ],
    )
    .named("Module"),
    wide(&["System.Management.Automation.PSModuleInfo"], line("Name")).named("Module"),
    list(
        &["System.Management.Automation.PSModuleInfo"],
        &[
            line("Name"),
            line("Path"),
            line("Description"),
            line("ModuleType"),
            line("Version"),
            line("PreRelease"),
            line("NestedModules"),
            line("ExportedFunctions").computed(code::exported_functions),
            line("ExportedCmdlets").computed(code::exported_cmdlets),
            line("ExportedVariables").computed(code::exported_variables),
            line("ExportedAliases").computed(code::exported_aliases),
        ],
    )
    .named("Module"),
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
    )
    .named("process"),
    table(&["System.Diagnostics.Process"], &[left("ProcessName", 20), right("Id", 10), right("WorkingSet64", 12)])
        .named("Priority")
        .grouped("PriorityClass", "PriorityClass", 3),
    wide(&["System.Diagnostics.Process"], line("ProcessName")).named("process"),
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
            left("Command", 25),
        ],
    )
    .named("Job"),
    table(
        &["System.Management.Automation.Runspaces.Runspace"],
        &[
            right("Id", 3),
            left("Name", 15),
            left("ComputerName", 15).computed(code::runspace_computer),
            left("Type", 13).computed(code::runspace_type),
            left("State", 13).computed(code::runspace_state),
            left("Availability", 15).from("RunspaceAvailability"),
        ],
    )
    .named("Runspace"),
    table(&["System.Management.Automation.CallStackFrame"], &[line("Command"), line("Arguments"), line("Location")])
        .named("CallStackFrame"),
    table(
        BREAKPOINTS,
        &[
            right("ID", 4),
            line("Script").computed(code::breakpoint_script),
            right("Line", 4),
            line("Command"),
            line("Variable"),
            line("Action"),
        ],
    )
    .named("Breakpoint"),
    list(
        &["System.Management.Automation.LineBreakpoint"],
        &[line("ID"), line("Script"), line("Line"), line("Column"), line("Enabled"), line("HitCount"), line("Action")],
    ),
    list(
        &["System.Management.Automation.VariableBreakpoint"],
        &[line("ID"), line("Variable"), line("AccessMode"), line("Enabled"), line("HitCount"), line("Action")],
    ),
    list(
        &["System.Management.Automation.CommandBreakpoint"],
        &[line("ID"), line("Command"), line("Enabled"), line("HitCount"), line("Action")],
    ),
    table(
        &["Microsoft.PowerShell.Commands.HistoryInfo"],
        &[right("Id", 4), right("Duration", 12).computed(code::history_duration), line("CommandLine")],
    )
    .named("history"),
    wide(&["Microsoft.PowerShell.Commands.HistoryInfo"], line("CommandLine")).named("history"),
    table(&["System.Management.Automation.PathInfo"], &[line("Path")]).named("PathInfo"),
    table(&["System.Management.Automation.Runspaces.TypeData"], &[line("TypeName"), line("Members")]).named("TypeData"),
    table(
        &["System.Management.Automation.ExperimentalFeature"],
        &[left("Name", 35), right("Enabled", 7), left("Source", 35), line("Description")],
    )
    .named("ExperimentalFeature"),
    wrapped(
        &["System.Management.Automation.PSMethod"],
        &[line("OverloadDefinitions").computed(code::overload_definitions)],
    ),
    table(&["System.Net.NetworkCredential"], &[left("UserName", 50), left("Domain", 50)]),
    table(&["System.Reflection.AssemblyName"], &[left("Version", 14), line("Name")]),
    table(
        &["System.Reflection.Assembly"],
        &[
            left("GAC", 6).from("GlobalAssemblyCache"),
            left("Version", 14).from("ImageRuntimeVersion"),
            line("Location"),
        ],
    ),
    table(&["System.Globalization.CultureInfo"], &[left("LCID", 16), left("Name", 16), line("DisplayName")]),
    table(
        &["Microsoft.PowerShell.Commands.ByteCollection"],
        &[
            right("Offset", 16).from("HexOffset"),
            left("Bytes\n00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", 47).from("HexBytes"),
            left("Ascii", 16),
        ],
    )
    .grouped("Label", "Label", 3),
    table(&["Microsoft.PowerShell.Commands.FileHashInfo"], &[left("Algorithm", 15), left("Hash", 70), line("Path")]),
];
