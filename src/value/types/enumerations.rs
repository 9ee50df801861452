//! Enumerations that scripts name.

use super::declare::declare_enums;

declare_enums! { ENUMERATIONS:
    DAY_OF_WEEK "System.DayOfWeek" {
        Sunday = 0, Monday = 1, Tuesday = 2, Wednesday = 3, Thursday = 4, Friday = 5, Saturday = 6 };
    DISPLAY_HINT_TYPE "Microsoft.PowerShell.Commands.DisplayHintType" { Date = 0, Time = 1, DateTime = 2 };
    CONSOLE_COLOR "System.ConsoleColor" {
        Black = 0, DarkBlue = 1, DarkGreen = 2, DarkCyan = 3, DarkRed = 4, DarkMagenta = 5, DarkYellow = 6, Gray = 7,
        DarkGray = 8, Blue = 9, Green = 10, Cyan = 11, Red = 12, Magenta = 13, Yellow = 14, White = 15 };
    CONSOLE_KEY "System.ConsoleKey" {
        Backspace = 8, Tab = 9, Enter = 13, Escape = 27, Spacebar = 32, End = 35, Home = 36, LeftArrow = 37,
        UpArrow = 38, RightArrow = 39, DownArrow = 40, Delete = 46, D0 = 48, A = 65, C = 67, Y = 89, Z = 90, F1 = 112 };
    STRING_COMPARISON "System.StringComparison" {
        CurrentCulture = 0, CurrentCultureIgnoreCase = 1, InvariantCulture = 2, InvariantCultureIgnoreCase = 3,
        Ordinal = 4, OrdinalIgnoreCase = 5 };
    STRING_SPLIT_OPTIONS "System.StringSplitOptions" flags { None = 0, RemoveEmptyEntries = 1, TrimEntries = 2 };
    DATETIME_KIND "System.DateTimeKind" { Unspecified = 0, Utc = 1, Local = 2 };
    MIDPOINT_ROUNDING "System.MidpointRounding" {
        ToEven = 0, AwayFromZero = 1, ToZero = 2, ToNegativeInfinity = 3, ToPositiveInfinity = 4 };
    URI_KIND "System.UriKind" { RelativeOrAbsolute = 0, Absolute = 1, Relative = 2 };
    URI_HOST_NAME_TYPE "System.UriHostNameType" { Unknown = 0, Basic = 1, Dns = 2, IPv4 = 3, IPv6 = 4 };
    URI_PARTIAL "System.UriPartial" { Scheme = 0, Authority = 1, Path = 2, Query = 3 };
    TYPE_CODE "System.TypeCode" {
        Empty = 0, Object = 1, DBNull = 2, Boolean = 3, Char = 4, SByte = 5, Byte = 6, Int16 = 7, UInt16 = 8, Int32 = 9,
        UInt32 = 10, Int64 = 11, UInt64 = 12, Single = 13, Double = 14, Decimal = 15, DateTime = 16, String = 18 };
    BASE64_FORMATTING_OPTIONS "System.Base64FormattingOptions" flags { None = 0, InsertLineBreaks = 1 };
    PLATFORM_ID "System.PlatformID" {
        Win32S = 0, Win32Windows = 1, Win32NT = 2, WinCE = 3, Unix = 4, Xbox = 5, MacOSX = 6, Other = 7 };
    SPECIAL_FOLDER "System.Environment+SpecialFolder" {
        Desktop = 0, Programs = 2, MyDocuments = 5, Personal = 5, Favorites = 6, Startup = 7, Recent = 8, SendTo = 9,
        StartMenu = 11, MyMusic = 13, MyVideos = 14, DesktopDirectory = 16, MyComputer = 17, NetworkShortcuts = 19,
        Fonts = 20, Templates = 21, CommonStartMenu = 22, CommonPrograms = 23, CommonStartup = 24,
        CommonDesktopDirectory = 25, ApplicationData = 26, PrinterShortcuts = 27, LocalApplicationData = 28,
        InternetCache = 32, Cookies = 33, History = 34, CommonApplicationData = 35, Windows = 36, System = 37,
        ProgramFiles = 38, MyPictures = 39, UserProfile = 40, SystemX86 = 41, ProgramFilesX86 = 42,
        CommonProgramFiles = 43 };
    ENVIRONMENT_VARIABLE_TARGET "System.EnvironmentVariableTarget" { Process = 0, User = 1, Machine = 2 };
    REGEX_OPTIONS "System.Text.RegularExpressions.RegexOptions" flags {
        None = 0, IgnoreCase = 1, Multiline = 2, ExplicitCapture = 4, Compiled = 8, Singleline = 16,
        IgnorePatternWhitespace = 32, RightToLeft = 64, ECMAScript = 256, CultureInvariant = 512,
        NonBacktracking = 1024 };
    NORMALIZATION_FORM "System.Text.NormalizationForm" { FormC = 1, FormD = 2, FormKC = 5, FormKD = 6 };
    NUMBER_STYLES "System.Globalization.NumberStyles" flags {
        None = 0, AllowLeadingWhite = 1, AllowTrailingWhite = 2, AllowLeadingSign = 4, Integer = 7,
        AllowTrailingSign = 8, AllowParentheses = 16, AllowDecimalPoint = 32, AllowThousands = 64, Number = 111,
        AllowExponent = 128, Float = 167, AllowCurrencySymbol = 256, Currency = 383, Any = 511,
        AllowHexSpecifier = 512, HexNumber = 515, AllowBinarySpecifier = 1024, BinaryNumber = 1027,
        HexFloat = 1703 };
    DATETIME_STYLES "System.Globalization.DateTimeStyles" flags {
        None = 0, AllowLeadingWhite = 1, AllowTrailingWhite = 2, AllowInnerWhite = 4, AllowWhiteSpaces = 7,
        NoCurrentDateDefault = 8, AdjustToUniversal = 16, AssumeLocal = 32, AssumeUniversal = 64,
        RoundtripKind = 128 };
    TIMESPAN_STYLES "System.Globalization.TimeSpanStyles" flags { None = 0, AssumeNegative = 1 };
    CALENDAR_WEEK_RULE "System.Globalization.CalendarWeekRule" {
        FirstDay = 0, FirstFullWeek = 1, FirstFourDayWeek = 2 };
    COMPARE_OPTIONS "System.Globalization.CompareOptions" flags {
        None = 0, IgnoreCase = 1, IgnoreNonSpace = 2, IgnoreSymbols = 4, IgnoreKanaType = 8, IgnoreWidth = 16,
        NumericOrdering = 32, OrdinalIgnoreCase = 268435456, StringSort = 536870912, Ordinal = 1073741824 };
    UNICODE_CATEGORY "System.Globalization.UnicodeCategory" {
        UppercaseLetter = 0, LowercaseLetter = 1, TitlecaseLetter = 2, ModifierLetter = 3, OtherLetter = 4,
        NonSpacingMark = 5, SpacingCombiningMark = 6, EnclosingMark = 7, DecimalDigitNumber = 8, LetterNumber = 9,
        OtherNumber = 10, SpaceSeparator = 11, LineSeparator = 12, ParagraphSeparator = 13, Control = 14, Format = 15,
        Surrogate = 16, PrivateUse = 17, ConnectorPunctuation = 18, DashPunctuation = 19, OpenPunctuation = 20,
        ClosePunctuation = 21, InitialQuotePunctuation = 22, FinalQuotePunctuation = 23, OtherPunctuation = 24,
        MathSymbol = 25, CurrencySymbol = 26, ModifierSymbol = 27, OtherSymbol = 28, OtherNotAssigned = 29 };
    CULTURE_TYPES "System.Globalization.CultureTypes" flags {
        NeutralCultures = 1, SpecificCultures = 2, InstalledWin32Cultures = 4, AllCultures = 7 };
    FILE_ATTRIBUTES "System.IO.FileAttributes" flags {
        None = 0, ReadOnly = 1, Hidden = 2, System = 4, Directory = 16, Archive = 32, Device = 64, Normal = 128,
        Temporary = 256, SparseFile = 512, ReparsePoint = 1024, Compressed = 2048, Offline = 4096,
        NotContentIndexed = 8192, Encrypted = 16384, IntegrityStream = 32768, NoScrubData = 131072 };
    FILE_MODE "System.IO.FileMode" { CreateNew = 1, Create = 2, Open = 3, OpenOrCreate = 4, Truncate = 5, Append = 6 };
    FILE_ACCESS "System.IO.FileAccess" flags { Read = 1, Write = 2, ReadWrite = 3 };
    FILE_SHARE "System.IO.FileShare" flags {
        None = 0, Read = 1, Write = 2, ReadWrite = 3, Delete = 4, Inheritable = 16 };
    FILE_OPTIONS "System.IO.FileOptions" flags {
        None = 0, Encrypted = 16384, DeleteOnClose = 67108864, SequentialScan = 134217728, RandomAccess = 268435456,
        Asynchronous = 1073741824 };
    SEEK_ORIGIN "System.IO.SeekOrigin" { Begin = 0, Current = 1, End = 2 };
    SEARCH_OPTION "System.IO.SearchOption" { TopDirectoryOnly = 0, AllDirectories = 1 };
    DRIVE_TYPE "System.IO.DriveType" {
        Unknown = 0, NoRootDirectory = 1, Removable = 2, Fixed = 3, Network = 4, CDRom = 5, Ram = 6 };
    UNIX_FILE_MODE "System.IO.UnixFileMode" flags {
        None = 0, OtherExecute = 1, OtherWrite = 2, OtherRead = 4, GroupExecute = 8, GroupWrite = 16, GroupRead = 32,
        UserExecute = 64, UserWrite = 128, UserRead = 256, StickyBit = 512, SetGroup = 1024, SetUser = 2048 };
    COMPRESSION_MODE "System.IO.Compression.CompressionMode" { Decompress = 0, Compress = 1 };
    COMPRESSION_LEVEL "System.IO.Compression.CompressionLevel" {
        Optimal = 0, Fastest = 1, NoCompression = 2, SmallestSize = 3 };
    ADDRESS_FAMILY "System.Net.Sockets.AddressFamily" {
        Unknown = -1, Unspecified = 0, Unix = 1, InterNetwork = 2, InterNetworkV6 = 23 };
    HTTP_STATUS_CODE "System.Net.HttpStatusCode" {
        Continue = 100, OK = 200, Created = 201, Accepted = 202, NoContent = 204, MovedPermanently = 301, Found = 302,
        NotModified = 304, BadRequest = 400, Unauthorized = 401, Forbidden = 403, NotFound = 404,
        MethodNotAllowed = 405, RequestTimeout = 408, Conflict = 409, Gone = 410, PreconditionFailed = 412,
        UnprocessableEntity = 422, TooManyRequests = 429, InternalServerError = 500, NotImplemented = 501,
        BadGateway = 502, ServiceUnavailable = 503, GatewayTimeout = 504 };
    SECURITY_PROTOCOL_TYPE "System.Net.SecurityProtocolType" flags {
        SystemDefault = 0, Ssl3 = 48, Tls = 192, Tls11 = 768, Tls12 = 3072, Tls13 = 12288 };
    ARCHITECTURE "System.Runtime.InteropServices.Architecture" {
        X86 = 0, X64 = 1, Arm = 2, Arm64 = 3 };
    PROCESS_PRIORITY_CLASS "System.Diagnostics.ProcessPriorityClass" {
        Normal = 32, Idle = 64, High = 128, RealTime = 256, BelowNormal = 16384, AboveNormal = 32768 };
    XML_FORMATTING "System.Xml.Formatting" { None = 0, Indented = 1 };
    XML_NODE_TYPE "System.Xml.XmlNodeType" {
        None = 0, Element = 1, Attribute = 2, Text = 3, CDATA = 4, EntityReference = 5, Entity = 6,
        ProcessingInstruction = 7, Comment = 8, Document = 9, DocumentType = 10, DocumentFragment = 11, Notation = 12,
        Whitespace = 13, SignificantWhitespace = 14, EndElement = 15, EndEntity = 16, XmlDeclaration = 17 };
    BINDING_FLAGS "System.Reflection.BindingFlags" flags {
        Default = 0, IgnoreCase = 1, DeclaredOnly = 2, Instance = 4, Static = 8, Public = 16, NonPublic = 32,
        FlattenHierarchy = 64 };
    MEMBER_TYPES_REFLECTION "System.Reflection.MemberTypes" flags {
        Constructor = 1, Event = 2, Field = 4, Method = 8, Property = 16, TypeInfo = 32, Custom = 64, NestedType = 128,
        All = 191 };
    // The engine's own.
    ERROR_CATEGORY "System.Management.Automation.ErrorCategory" {
        NotSpecified = 0, OpenError = 1, CloseError = 2, DeviceError = 3, DeadlockDetected = 4, InvalidArgument = 5,
        InvalidData = 6, InvalidOperation = 7, InvalidResult = 8, InvalidType = 9, MetadataError = 10,
        NotImplemented = 11, NotInstalled = 12, ObjectNotFound = 13, OperationStopped = 14, OperationTimeout = 15,
        SyntaxError = 16, ParserError = 17, PermissionDenied = 18, ResourceBusy = 19, ResourceExists = 20,
        ResourceUnavailable = 21, ReadError = 22, WriteError = 23, FromStdErr = 24, SecurityError = 25,
        ProtocolError = 26, ConnectionError = 27, AuthenticationError = 28, LimitsExceeded = 29, QuotaExceeded = 30,
        NotEnabled = 31 };
    ACTION_PREFERENCE "System.Management.Automation.ActionPreference" {
        SilentlyContinue = 0, Stop = 1, Continue = 2, Inquire = 3, Ignore = 4, Suspend = 5, Break = 6 };
    CONFIRM_IMPACT "System.Management.Automation.ConfirmImpact" { None = 0, Low = 1, Medium = 2, High = 3 };
    COMMAND_TYPES "System.Management.Automation.CommandTypes" flags {
        Alias = 1, Function = 2, Filter = 4, Cmdlet = 8, ExternalScript = 16, Application = 32, Script = 64,
        Configuration = 256, All = 383 };
    PSMEMBER_TYPES "System.Management.Automation.PSMemberTypes" flags {
        AliasProperty = 1, CodeProperty = 2, Property = 4, NoteProperty = 8, ScriptProperty = 16, Properties = 31,
        PropertySet = 32, Method = 64, CodeMethod = 128, ScriptMethod = 256, Methods = 448,
        ParameterizedProperty = 512, MemberSet = 1024, Event = 2048, Dynamic = 4096, InferredProperty = 8192,
        All = 16383 };
    PSMEMBER_VIEW_TYPES "System.Management.Automation.PSMemberViewTypes" flags {
        Extended = 1, Adapted = 2, Base = 4, All = 7 };
    SCOPED_ITEM_OPTIONS "System.Management.Automation.ScopedItemOptions" flags {
        None = 0, ReadOnly = 1, Constant = 2, Private = 4, AllScope = 8, Unspecified = 16 };
    JOB_STATE "System.Management.Automation.JobState" {
        NotStarted = 0, Running = 1, Completed = 2, Failed = 3, Stopped = 4, Blocked = 5, Suspended = 6,
        Disconnected = 7, Suspending = 8, Stopping = 9, AtBreakpoint = 10 };
    WHERE_OPERATOR_SELECTION_MODE "System.Management.Automation.WhereOperatorSelectionMode" {
        Default = 0, First = 1, Last = 2, SkipUntil = 3, Until = 4, Split = 5 };
    WILDCARD_OPTIONS "System.Management.Automation.WildcardOptions" flags {
        None = 0, Compiled = 1, IgnoreCase = 2, CultureInvariant = 4 };
    SPLIT_OPTIONS "System.Management.Automation.SplitOptions" flags {
        SimpleMatch = 1, RegexMatch = 2, CultureInvariant = 4, IgnorePatternWhitespace = 8, Multiline = 16,
        Singleline = 32, IgnoreCase = 64, ExplicitCapture = 128 };
    MODULE_TYPE "System.Management.Automation.ModuleType" { Script = 0, Binary = 1, Manifest = 2, Cim = 3, Workflow = 4 };
    PSLANGUAGE_MODE "System.Management.Automation.PSLanguageMode" {
        FullLanguage = 0, RestrictedLanguage = 1, NoLanguage = 2, ConstrainedLanguage = 3 };
    OUTPUT_RENDERING "System.Management.Automation.OutputRendering" { Host = 0, PlainText = 1, Ansi = 2 };
    PROGRESS_VIEW "System.Management.Automation.ProgressView" { Minimal = 0, Classic = 1 };
    PROGRESS_RECORD_TYPE "System.Management.Automation.ProgressRecordType" { Processing = 0, Completed = 1 };
    COMMAND_ORIGIN "System.Management.Automation.CommandOrigin" { Runspace = 0, Internal = 1 };
    COMPLETION_RESULT_TYPE "System.Management.Automation.CompletionResultType" {
        Text = 0, History = 1, Command = 2, ProviderItem = 3, ProviderContainer = 4, Property = 5, Method = 6,
        ParameterName = 7, ParameterValue = 8, Variable = 9, Namespace = 10, Type = 11, Keyword = 12,
        DynamicKeyword = 13 };
    VALIDATE_RANGE_KIND "System.Management.Automation.ValidateRangeKind" {
        Positive = 0, NonNegative = 1, Negative = 2, NonPositive = 3 };
    VARIABLE_VISIBILITY "System.Management.Automation.SessionStateEntryVisibility" { Public = 0, Private = 1 };
    PSTOKEN_TYPE "System.Management.Automation.PSTokenType" {
        Unknown = 0, Command = 1, CommandParameter = 2, CommandArgument = 3, Number = 4, String = 5, Variable = 6,
        Member = 7, LoopLabel = 8, Attribute = 9, Type = 10, Operator = 11, GroupStart = 12, GroupEnd = 13,
        Keyword = 14, Comment = 15, StatementSeparator = 16, NewLine = 17, LineContinuation = 18, Position = 19 };
    PIPELINE_STATE "System.Management.Automation.Runspaces.PipelineState" {
        NotStarted = 0, Running = 1, Stopping = 2, Stopped = 3, Completed = 4, Failed = 5, Disconnected = 6 };
    EXECUTION_POLICY "Microsoft.PowerShell.ExecutionPolicy" {
        Unrestricted = 0, RemoteSigned = 1, AllSigned = 2, Restricted = 3, Bypass = 4, Undefined = 5 };
    PSINVOCATION_STATE "System.Management.Automation.PSInvocationState" {
        NotStarted = 0, Running = 1, Stopping = 2, Stopped = 3, Completed = 4, Failed = 5, Disconnected = 6 };
    RUNSPACE_STATE "System.Management.Automation.Runspaces.RunspaceState" {
        BeforeOpen = 0, Opening = 1, Opened = 2, Closed = 3, Closing = 4, Broken = 5, Disconnecting = 6,
        Disconnected = 7, Connecting = 8 };
    RUNSPACE_AVAILABILITY "System.Management.Automation.Runspaces.RunspaceAvailability" {
        None = 0, Available = 1, AvailableForNestedCommand = 2, Busy = 3, RemoteDebug = 4 };
    RUNSPACE_MODE "System.Management.Automation.RunspaceMode" { CurrentRunspace = 0, NewRunspace = 1 };
}
