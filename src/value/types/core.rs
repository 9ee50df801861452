//! The types the language itself rests on: primitives, text, time, collections' interfaces, and the engine's own.

use super::declare::declare_types;

declare_types! { CORE:
    // Roots.
    OBJECT "System.Object" Reference - [];
    VALUE_TYPE "System.ValueType" Reference OBJECT [];
    ENUM "System.Enum" Reference VALUE_TYPE [ICOMPARABLE IFORMATTABLE ICONVERTIBLE];
    VOID "System.Void" Value VALUE_TYPE [];
    DELEGATE "System.Delegate" Reference OBJECT [ICLONEABLE];
    MULTICAST_DELEGATE "System.MulticastDelegate" Reference DELEGATE [];
    // Interfaces.
    ICOMPARABLE "System.IComparable" Interface - [];
    ICONVERTIBLE "System.IConvertible" Interface - [];
    IFORMATTABLE "System.IFormattable" Interface - [];
    IDISPOSABLE "System.IDisposable" Interface - [];
    ICLONEABLE "System.ICloneable" Interface - [];
    IFORMAT_PROVIDER "System.IFormatProvider" Interface - [];
    IENUMERABLE "System.Collections.IEnumerable" Interface - [];
    IENUMERATOR "System.Collections.IEnumerator" Interface - [];
    ICOLLECTION "System.Collections.ICollection" Interface - [IENUMERABLE];
    ILIST "System.Collections.IList" Interface - [ICOLLECTION];
    IDICTIONARY "System.Collections.IDictionary" Interface - [ICOLLECTION];
    IDICTIONARY_ENUMERATOR "System.Collections.IDictionaryEnumerator" Interface - [IENUMERATOR];
    ICOMPARER "System.Collections.IComparer" Interface - [];
    IEQUALITY_COMPARER "System.Collections.IEqualityComparer" Interface - [];
    IORDERED_DICTIONARY "System.Collections.Specialized.IOrderedDictionary" Interface - [IDICTIONARY];
    ICOMPARABLE_OF "System.IComparable`1" Interface - [];
    IEQUATABLE_OF "System.IEquatable`1" Interface - [];
    IENUMERABLE_OF "System.Collections.Generic.IEnumerable`1" Interface - [IENUMERABLE];
    IENUMERATOR_OF "System.Collections.Generic.IEnumerator`1" Interface - [IENUMERATOR IDISPOSABLE];
    ICOLLECTION_OF "System.Collections.Generic.ICollection`1" Interface - [IENUMERABLE_OF];
    ILIST_OF "System.Collections.Generic.IList`1" Interface - [ICOLLECTION_OF];
    IREADONLYCOLLECTION_OF "System.Collections.Generic.IReadOnlyCollection`1" Interface - [IENUMERABLE_OF];
    IREADONLYLIST_OF "System.Collections.Generic.IReadOnlyList`1" Interface - [IREADONLYCOLLECTION_OF];
    ISET_OF "System.Collections.Generic.ISet`1" Interface - [ICOLLECTION_OF];
    ICOMPARER_OF "System.Collections.Generic.IComparer`1" Interface - [];
    IEQUALITYCOMPARER_OF "System.Collections.Generic.IEqualityComparer`1" Interface - [];
    IDICTIONARY_OF "System.Collections.Generic.IDictionary`2" Interface - [IENUMERABLE];
    IREADONLYDICTIONARY_OF "System.Collections.Generic.IReadOnlyDictionary`2" Interface - [IENUMERABLE];
    // Primitives.
    BOOLEAN "System.Boolean" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE];
    CHAR "System.Char" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    SBYTE "System.SByte" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    BYTE "System.Byte" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    INT16 "System.Int16" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    UINT16 "System.UInt16" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    INT32 "System.Int32" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    UINT32 "System.UInt32" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    INT64 "System.Int64" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    UINT64 "System.UInt64" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    SINGLE "System.Single" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    DOUBLE "System.Double" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    DECIMAL "System.Decimal" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    BIGINTEGER "System.Numerics.BigInteger" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    INTPTR "System.IntPtr" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    NULLABLE "System.Nullable`1" Value VALUE_TYPE [];
    // Text, time, identity.
    STRING "System.String" Reference OBJECT [ICOMPARABLE ICONVERTIBLE ICLONEABLE IENUMERABLE];
    DATETIME "System.DateTime" Value VALUE_TYPE [ICOMPARABLE ICONVERTIBLE IFORMATTABLE];
    TIMESPAN "System.TimeSpan" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    DATETIMEOFFSET "System.DateTimeOffset" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    DATEONLY "System.DateOnly" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    TIMEONLY "System.TimeOnly" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    GUID "System.Guid" Value VALUE_TYPE [ICOMPARABLE IFORMATTABLE];
    VERSION "System.Version" Reference OBJECT [ICLONEABLE ICOMPARABLE IFORMATTABLE];
    URI "System.Uri" Reference OBJECT [IFORMATTABLE];
    DBNULL "System.DBNull" Reference OBJECT [ICONVERTIBLE];
    // Reflection.
    MEMBER_INFO "System.Reflection.MemberInfo" Reference OBJECT [];
    TYPE "System.Type" Reference MEMBER_INFO [];
    TYPE_INFO "System.Reflection.TypeInfo" Reference TYPE [];
    RUNTIME_TYPE "System.RuntimeType" Reference TYPE_INFO [ICLONEABLE];
    METHOD_BASE "System.Reflection.MethodBase" Reference MEMBER_INFO [];
    METHOD_INFO "System.Reflection.MethodInfo" Reference METHOD_BASE [];
    CONSTRUCTOR_INFO "System.Reflection.ConstructorInfo" Reference METHOD_BASE [];
    PROPERTY_INFO "System.Reflection.PropertyInfo" Reference MEMBER_INFO [];
    FIELD_INFO "System.Reflection.FieldInfo" Reference MEMBER_INFO [];
    PARAMETER_INFO "System.Reflection.ParameterInfo" Reference OBJECT [];
    RUNTIME_METHOD_INFO "System.Reflection.RuntimeMethodInfo" Reference METHOD_INFO [];
    RUNTIME_CONSTRUCTOR_INFO "System.Reflection.RuntimeConstructorInfo" Reference CONSTRUCTOR_INFO [];
    RUNTIME_PROPERTY_INFO "System.Reflection.RuntimePropertyInfo" Reference PROPERTY_INFO [];
    RT_FIELD_INFO "System.Reflection.RtFieldInfo" Reference FIELD_INFO [];
    MD_FIELD_INFO "System.Reflection.MdFieldInfo" Reference FIELD_INFO [];
    RUNTIME_PARAMETER_INFO "System.Reflection.RuntimeParameterInfo" Reference PARAMETER_INFO [];
    ASSEMBLY "System.Reflection.Assembly" Reference OBJECT [];
    RUNTIME_ASSEMBLY "System.Reflection.RuntimeAssembly" Reference ASSEMBLY [];
    ASSEMBLY_NAME "System.Reflection.AssemblyName" Reference OBJECT [ICLONEABLE];
    MODULE "System.Reflection.Module" Reference OBJECT [];
    RUNTIME_MODULE "System.Reflection.RuntimeModule" Reference MODULE [];
    ATTRIBUTE "System.Attribute" Reference OBJECT [];
    // Arrays and the old collections.
    ARRAY "System.Array" Reference OBJECT [ICLONEABLE ILIST];
    HASHTABLE "System.Collections.Hashtable" Reference OBJECT [IDICTIONARY ICLONEABLE];
    ORDERED_HASHTABLE "System.Management.Automation.OrderedHashtable" Reference HASHTABLE [];
    ORDERED_DICTIONARY "System.Collections.Specialized.OrderedDictionary" Reference OBJECT [IORDERED_DICTIONARY];
    ARRAYLIST "System.Collections.ArrayList" Reference OBJECT [ILIST ICLONEABLE];
    DICTIONARY_ENTRY "System.Collections.DictionaryEntry" Value VALUE_TYPE [];
    STACK "System.Collections.Stack" Reference OBJECT [ICOLLECTION ICLONEABLE];
    QUEUE "System.Collections.Queue" Reference OBJECT [ICOLLECTION ICLONEABLE];
    SORTEDLIST "System.Collections.SortedList" Reference OBJECT [IDICTIONARY ICLONEABLE];
    BITARRAY "System.Collections.BitArray" Reference OBJECT [ICOLLECTION ICLONEABLE];
    // Exceptions' root stands with them; these are the engine's own types.
    PSOBJECT "System.Management.Automation.PSObject" Reference OBJECT [IFORMATTABLE ICOMPARABLE];
    PSCUSTOMOBJECT "System.Management.Automation.PSCustomObject" Reference OBJECT [];
    SCRIPTBLOCK "System.Management.Automation.ScriptBlock" Reference OBJECT [];
    SWITCH_PARAMETER "System.Management.Automation.SwitchParameter" Value VALUE_TYPE [];
    PSREFERENCE "System.Management.Automation.PSReference" Reference OBJECT [];
    PSREFERENCE_OF "System.Management.Automation.PSReference`1" Reference PSREFERENCE [];
    SEMANTIC_VERSION "System.Management.Automation.SemanticVersion" Reference OBJECT [ICOMPARABLE];
    ERROR_RECORD "System.Management.Automation.ErrorRecord" Reference OBJECT [];
    ERROR_CATEGORY_INFO "System.Management.Automation.ErrorCategoryInfo" Reference OBJECT [];
    ERROR_DETAILS "System.Management.Automation.ErrorDetails" Reference OBJECT [];
    AUTOMATION_NULL "System.Management.Automation.Internal.AutomationNull" Reference OBJECT [];
    NULL_STRING "System.Management.Automation.Language.NullString" Reference OBJECT [];
    INVOCATION_INFO "System.Management.Automation.InvocationInfo" Reference OBJECT [];
    INFORMATIONAL_RECORD "System.Management.Automation.InformationalRecord" Reference OBJECT [];
    WARNING_RECORD "System.Management.Automation.WarningRecord" Reference INFORMATIONAL_RECORD [];
    VERBOSE_RECORD "System.Management.Automation.VerboseRecord" Reference INFORMATIONAL_RECORD [];
    DEBUG_RECORD "System.Management.Automation.DebugRecord" Reference INFORMATIONAL_RECORD [];
    INFORMATION_RECORD "System.Management.Automation.InformationRecord" Reference OBJECT [];
    HOST_INFORMATION_MESSAGE "System.Management.Automation.HostInformationMessage" Reference OBJECT [];
    CALL_STACK_FRAME "System.Management.Automation.CallStackFrame" Reference OBJECT [];
    COMMAND_INFO "System.Management.Automation.CommandInfo" Reference OBJECT [];
    ALIAS_INFO "System.Management.Automation.AliasInfo" Reference COMMAND_INFO [];
    APPLICATION_INFO "System.Management.Automation.ApplicationInfo" Reference COMMAND_INFO [];
    CMDLET_INFO "System.Management.Automation.CmdletInfo" Reference COMMAND_INFO [];
    FUNCTION_INFO "System.Management.Automation.FunctionInfo" Reference COMMAND_INFO [];
    FILTER_INFO "System.Management.Automation.FilterInfo" Reference FUNCTION_INFO [];
    EXTERNAL_SCRIPT_INFO "System.Management.Automation.ExternalScriptInfo" Reference COMMAND_INFO [];
    SCRIPT_INFO "System.Management.Automation.ScriptInfo" Reference COMMAND_INFO [];
    PARAMETER_METADATA "System.Management.Automation.ParameterMetadata" Reference OBJECT [];
    COMMAND_PARAMETER_INFO "System.Management.Automation.CommandParameterInfo" Reference OBJECT [];
    COMMAND_PARAMETER_SET_INFO "System.Management.Automation.CommandParameterSetInfo" Reference OBJECT [];
    PSMODULE_INFO "System.Management.Automation.PSModuleInfo" Reference OBJECT [];
    PSVARIABLE "System.Management.Automation.PSVariable" Reference OBJECT [];
    PSDRIVE_INFO "System.Management.Automation.PSDriveInfo" Reference OBJECT [];
    PROVIDER_INFO "System.Management.Automation.ProviderInfo" Reference OBJECT [];
    PATH_INFO "System.Management.Automation.PathInfo" Reference OBJECT [];
    JOB "System.Management.Automation.Job" Reference OBJECT [IDISPOSABLE];
    JOB2 "System.Management.Automation.Job2" Reference JOB [];
    PSREMOTING_JOB "System.Management.Automation.PSRemotingJob" Reference JOB [];
    PSREMOTING_CHILD_JOB "System.Management.Automation.PSRemotingChildJob" Reference JOB [];
    PSTASK_JOB "System.Management.Automation.PSTasks.PSTaskJob" Reference JOB [];
    PSTASK_CHILD_JOB "System.Management.Automation.PSTasks.PSTaskChildJob" Reference JOB [];
    TIMERS_TIMER "System.Timers.Timer" Reference OBJECT [IDISPOSABLE];
    ELAPSED_EVENT_ARGS "System.Timers.ElapsedEventArgs" Reference OBJECT [];
    JOB_STATE_INFO "System.Management.Automation.JobStateInfo" Reference OBJECT [];
    JOB_STATE_EVENT_ARGS "System.Management.Automation.JobStateEventArgs" Reference OBJECT [];
    PROGRESS_RECORD "System.Management.Automation.ProgressRecord" Reference OBJECT [];
    THREAD_JOB "Microsoft.PowerShell.ThreadJob.ThreadJob" Reference JOB2 [];
    PSCREDENTIAL "System.Management.Automation.PSCredential" Reference OBJECT [];
    PSMEMBER_INFO "System.Management.Automation.PSMemberInfo" Reference OBJECT [];
    PSPROPERTY_INFO "System.Management.Automation.PSPropertyInfo" Reference PSMEMBER_INFO [];
    PSPROPERTY "System.Management.Automation.PSProperty" Reference PSPROPERTY_INFO [];
    PSNOTEPROPERTY "System.Management.Automation.PSNoteProperty" Reference PSPROPERTY_INFO [];
    PSVARIABLEPROPERTY "System.Management.Automation.PSVariableProperty" Reference PSNOTEPROPERTY [];
    PSALIASPROPERTY "System.Management.Automation.PSAliasProperty" Reference PSPROPERTY_INFO [];
    PSSCRIPTPROPERTY "System.Management.Automation.PSScriptProperty" Reference PSPROPERTY_INFO [];
    PSCODEPROPERTY "System.Management.Automation.PSCodeProperty" Reference PSPROPERTY_INFO [];
    PSPARAMETERIZEDPROPERTY "System.Management.Automation.PSParameterizedProperty" Reference PSMETHOD_INFO [];
    PSADAPTEDPROPERTY "System.Management.Automation.PSAdaptedProperty" Reference PSPROPERTY [];
    PSMETHOD_INFO "System.Management.Automation.PSMethodInfo" Reference PSMEMBER_INFO [];
    PSMETHOD "System.Management.Automation.PSMethod" Reference PSMETHOD_INFO [];
    PSSCRIPTMETHOD "System.Management.Automation.PSScriptMethod" Reference PSMETHOD_INFO [];
    PSCODEMETHOD "System.Management.Automation.PSCodeMethod" Reference PSMETHOD_INFO [];
    PSMEMBERSET "System.Management.Automation.PSMemberSet" Reference PSMEMBER_INFO [];
    PSINTERNALMEMBERSET "System.Management.Automation.PSInternalMemberSet" Reference PSMEMBERSET [];
    PSPROPERTYSET "System.Management.Automation.PSPropertySet" Reference PSMEMBER_INFO [];
    PSMEMBER_COLLECTION "System.Management.Automation.PSMemberInfoIntegratingCollection`1" Reference OBJECT [IENUMERABLE];
    PSPRIMITIVEDICTIONARY "System.Management.Automation.PSPrimitiveDictionary" Reference HASHTABLE [];
    PSLISTMODIFIER "System.Management.Automation.PSListModifier" Reference OBJECT [];
    PSTOKEN "System.Management.Automation.PSToken" Reference OBJECT [];
    PSPARSER "System.Management.Automation.PSParser" Reference OBJECT [];
    WILDCARD_PATTERN "System.Management.Automation.WildcardPattern" Reference OBJECT [];
    LANGUAGE_PRIMITIVES "System.Management.Automation.LanguagePrimitives" Reference OBJECT [];
    PSTYPENAME "System.Management.Automation.PSTypeName" Reference OBJECT [];
    COMPLETION_RESULT "System.Management.Automation.CompletionResult" Reference OBJECT [];
    COMMAND_COMPLETION "System.Management.Automation.CommandCompletion" Reference OBJECT [];
    COMPLETION_COMPLETERS "System.Management.Automation.CompletionCompleters" Reference OBJECT [];
    RUNTIME_DEFINED_PARAMETER "System.Management.Automation.RuntimeDefinedParameter" Reference OBJECT [];
    RUNTIME_DEFINED_PARAMETER_DICTIONARY "System.Management.Automation.RuntimeDefinedParameterDictionary" Reference OBJECT [IDICTIONARY];
    PSBOUND_PARAMETERS "System.Management.Automation.PSBoundParametersDictionary" Reference OBJECT [IDICTIONARY_OF IDICTIONARY];
    PSDEFAULT_PARAMETER_DICTIONARY "System.Management.Automation.DefaultParameterDictionary" Reference HASHTABLE [];
    POWERSHELL "System.Management.Automation.PowerShell" Reference OBJECT [IDISPOSABLE];
    RUNSPACE "System.Management.Automation.Runspaces.Runspace" Reference OBJECT [IDISPOSABLE];
    LOCAL_RUNSPACE "System.Management.Automation.Runspaces.LocalRunspace" Reference RUNSPACE [];
    RUNSPACE_POOL "System.Management.Automation.Runspaces.RunspacePool" Reference OBJECT [IDISPOSABLE];
    RUNSPACE_COMMAND "System.Management.Automation.Runspaces.Command" Reference OBJECT [];
    RUNSPACE_STATE_INFO "System.Management.Automation.Runspaces.RunspaceStateInfo" Reference OBJECT [];
    STATE_VARIABLE_ENTRY "System.Management.Automation.Runspaces.SessionStateVariableEntry" Reference OBJECT [];
    STATE_FUNCTION_ENTRY "System.Management.Automation.Runspaces.SessionStateFunctionEntry" Reference OBJECT [];
    STATE_ALIAS_ENTRY "System.Management.Automation.Runspaces.SessionStateAliasEntry" Reference OBJECT [];
    SESSION_STATE_PROXY "System.Management.Automation.Runspaces.SessionStateProxy" Reference OBJECT [];
    PSCOMMAND "System.Management.Automation.PSCommand" Reference OBJECT [];
    PSDATA_COLLECTION "System.Management.Automation.PSDataCollection`1" Reference COLLECTION_OF [ILIST_OF ILIST IDISPOSABLE];
    PSDATA_STREAMS "System.Management.Automation.PSDataStreams" Reference OBJECT [];
    PSINVOCATION_STATE_INFO "System.Management.Automation.PSInvocationStateInfo" Reference OBJECT [];
    POWERSHELL_ASYNC_RESULT "System.Management.Automation.PowerShellAsyncResult" Reference OBJECT [];
    RUNSPACE_FACTORY "System.Management.Automation.Runspaces.RunspaceFactory" Reference OBJECT [];
    INITIAL_SESSION_STATE "System.Management.Automation.Runspaces.InitialSessionState" Reference OBJECT [];
    SESSION_STATE "System.Management.Automation.SessionState" Reference OBJECT [];
    ENGINE_INTRINSICS "System.Management.Automation.EngineIntrinsics" Reference OBJECT [];
    PSCMDLET "System.Management.Automation.PSCmdlet" Reference CMDLET [];
    PSSCRIPTCMDLET "System.Management.Automation.PSScriptCmdlet" Reference PSCMDLET [];
    CMDLET "System.Management.Automation.Cmdlet" Reference OBJECT [];
    TYPE_DATA "System.Management.Automation.Runspaces.TypeData" Reference OBJECT [];
    ARGUMENT_TYPE_CONVERTER "System.Management.Automation.PSTypeConverter" Reference OBJECT [];
    PSSTYLE "System.Management.Automation.PSStyle" Reference OBJECT [];
    PSVERSIONHASHTABLE "System.Management.Automation.PSVersionHashTable" Reference HASHTABLE [];
    // Attributes of scripts.
    CMDLET_METADATA_ATTRIBUTE "System.Management.Automation.Internal.CmdletMetadataAttribute" Reference ATTRIBUTE [];
    PARSING_ATTRIBUTE "System.Management.Automation.Internal.ParsingBaseAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    PARAMETER_ATTRIBUTE "System.Management.Automation.ParameterAttribute" Reference PARSING_ATTRIBUTE [];
    ALIAS_ATTRIBUTE "System.Management.Automation.AliasAttribute" Reference PARSING_ATTRIBUTE [];
    CMDLET_BINDING_ATTRIBUTE "System.Management.Automation.CmdletBindingAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    OUTPUT_TYPE_ATTRIBUTE "System.Management.Automation.OutputTypeAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    ALLOW_NULL_ATTRIBUTE "System.Management.Automation.AllowNullAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    ALLOW_EMPTY_STRING_ATTRIBUTE "System.Management.Automation.AllowEmptyStringAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    ALLOW_EMPTY_COLLECTION_ATTRIBUTE "System.Management.Automation.AllowEmptyCollectionAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    SUPPORTS_WILDCARDS_ATTRIBUTE "System.Management.Automation.SupportsWildcardsAttribute" Reference PARSING_ATTRIBUTE [];
    PSTYPENAME_ATTRIBUTE "System.Management.Automation.PSTypeNameAttribute" Reference ATTRIBUTE [];
    PSDEFAULTVALUE_ATTRIBUTE "System.Management.Automation.PSDefaultValueAttribute" Reference PARSING_ATTRIBUTE [];
    ARGUMENT_COMPLETER_ATTRIBUTE "System.Management.Automation.ArgumentCompleterAttribute" Reference ATTRIBUTE [];
    ARGUMENT_COMPLETIONS_ATTRIBUTE "System.Management.Automation.ArgumentCompletionsAttribute" Reference ATTRIBUTE [];
    ARGUMENT_TRANSFORMATION_ATTRIBUTE "System.Management.Automation.ArgumentTransformationAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    VALIDATE_ARGUMENTS_ATTRIBUTE "System.Management.Automation.ValidateArgumentsAttribute" Reference CMDLET_METADATA_ATTRIBUTE [];
    VALIDATE_ENUMERATED_ATTRIBUTE "System.Management.Automation.ValidateEnumeratedArgumentsAttribute" Reference VALIDATE_ARGUMENTS_ATTRIBUTE [];
    VALIDATE_COUNT_ATTRIBUTE "System.Management.Automation.ValidateCountAttribute" Reference VALIDATE_ARGUMENTS_ATTRIBUTE [];
    VALIDATE_DRIVE_ATTRIBUTE "System.Management.Automation.ValidateDriveAttribute" Reference VALIDATE_ARGUMENTS_ATTRIBUTE [];
    VALIDATE_USER_DRIVE_ATTRIBUTE "System.Management.Automation.ValidateUserDriveAttribute" Reference VALIDATE_DRIVE_ATTRIBUTE [];
    VALIDATE_LENGTH_ATTRIBUTE "System.Management.Automation.ValidateLengthAttribute" Reference VALIDATE_ENUMERATED_ATTRIBUTE [];
    VALIDATE_PATTERN_ATTRIBUTE "System.Management.Automation.ValidatePatternAttribute" Reference VALIDATE_ENUMERATED_ATTRIBUTE [];
    VALIDATE_RANGE_ATTRIBUTE "System.Management.Automation.ValidateRangeAttribute" Reference VALIDATE_ENUMERATED_ATTRIBUTE [];
    VALIDATE_SCRIPT_ATTRIBUTE "System.Management.Automation.ValidateScriptAttribute" Reference VALIDATE_ENUMERATED_ATTRIBUTE [];
    VALIDATE_SET_ATTRIBUTE "System.Management.Automation.ValidateSetAttribute" Reference VALIDATE_ENUMERATED_ATTRIBUTE [];
    VALIDATE_NOT_NULL_BASE "System.Management.Automation.NullValidationAttributeBase" Reference VALIDATE_ARGUMENTS_ATTRIBUTE [];
    VALIDATE_NOT_NULL_ATTRIBUTE "System.Management.Automation.ValidateNotNullAttribute" Reference VALIDATE_NOT_NULL_BASE [];
    VALIDATE_NOT_NULL_OR_EMPTY_BASE "System.Management.Automation.ValidateNotNullOrAttributeBase" Reference VALIDATE_NOT_NULL_BASE [];
    VALIDATE_NOT_NULL_OR_EMPTY_ATTRIBUTE "System.Management.Automation.ValidateNotNullOrEmptyAttribute" Reference VALIDATE_NOT_NULL_OR_EMPTY_BASE [];
    VALIDATE_NOT_NULL_OR_WHITE_SPACE_ATTRIBUTE "System.Management.Automation.ValidateNotNullOrWhiteSpaceAttribute" Reference VALIDATE_NOT_NULL_OR_EMPTY_BASE [];
    VALIDATE_TRUSTED_DATA_ATTRIBUTE "System.Management.Automation.ValidateTrustedDataAttribute" Reference VALIDATE_ARGUMENTS_ATTRIBUTE [];
    HIDDEN_ATTRIBUTE "System.Management.Automation.HiddenAttribute" Reference PARSING_ATTRIBUTE [];
    DYNAMIC_CLASS_ATTRIBUTE "System.Management.Automation.DynamicClassImplementationAssemblyAttribute" Reference ATTRIBUTE [];
    FLAGS_ATTRIBUTE "System.FlagsAttribute" Reference ATTRIBUTE [];
    OBSOLETE_ATTRIBUTE "System.ObsoleteAttribute" Reference ATTRIBUTE [];
    EXPERIMENTAL_ATTRIBUTE "System.Management.Automation.ExperimentalAttribute" Reference PARSING_ATTRIBUTE [];
    DSC_RESOURCE_ATTRIBUTE "System.Management.Automation.DscResourceAttribute" Reference ATTRIBUTE [];
    DSC_PROPERTY_ATTRIBUTE "System.Management.Automation.DscPropertyAttribute" Reference ATTRIBUTE [];
    NO_RUNSPACE_AFFINITY_ATTRIBUTE "System.Management.Automation.Language.NoRunspaceAffinityAttribute" Reference PARSING_ATTRIBUTE [];
    EXCLUDE_FROM_CODE_COVERAGE_ATTRIBUTE "System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverageAttribute" Reference ATTRIBUTE [];
    SUPPRESS_MESSAGE_ATTRIBUTE "System.Diagnostics.CodeAnalysis.SuppressMessageAttribute" Reference ATTRIBUTE [];
}

/// The array type of plain `@( )`, which nearly every array is.
static OBJECT_ARRAY: super::TypeInfo = super::TypeInfo {
    full_name: "System.Object[]",
    kind: super::TypeKind::Array,
    base: Some(super::TypeRef::ARRAY),
    element: Some(super::TypeRef::OBJECT),
    rank: 1,
    ..super::declare::BLANK
};

impl super::TypeRef {
    /// `System.Object[]`.
    pub const OBJECT_ARRAY: super::TypeRef = super::TypeRef(&OBJECT_ARRAY);
}
