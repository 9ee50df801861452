//! Types of the language's own parser: syntax trees, tokens, and what stands in them.

use super::declare::{declare_enums, declare_types};

declare_types! { LANGUAGE:
    PARSER "System.Management.Automation.Language.Parser" Reference OBJECT [];
    AST "System.Management.Automation.Language.Ast" Reference OBJECT [];
    SCRIPT_BLOCK_AST "System.Management.Automation.Language.ScriptBlockAst" Reference AST [];
    PARAM_BLOCK_AST "System.Management.Automation.Language.ParamBlockAst" Reference AST [];
    NAMED_BLOCK_AST "System.Management.Automation.Language.NamedBlockAst" Reference AST [];
    NAMED_ATTRIBUTE_ARGUMENT_AST "System.Management.Automation.Language.NamedAttributeArgumentAst" Reference AST [];
    ATTRIBUTE_BASE_AST "System.Management.Automation.Language.AttributeBaseAst" Reference AST [];
    ATTRIBUTE_AST "System.Management.Automation.Language.AttributeAst" Reference ATTRIBUTE_BASE_AST [];
    TYPE_CONSTRAINT_AST "System.Management.Automation.Language.TypeConstraintAst" Reference ATTRIBUTE_BASE_AST [];
    PARAMETER_AST "System.Management.Automation.Language.ParameterAst" Reference AST [];
    STATEMENT_BLOCK_AST "System.Management.Automation.Language.StatementBlockAst" Reference AST [];
    STATEMENT_AST "System.Management.Automation.Language.StatementAst" Reference AST [];
    TYPE_DEFINITION_AST "System.Management.Automation.Language.TypeDefinitionAst" Reference STATEMENT_AST [];
    USING_STATEMENT_AST "System.Management.Automation.Language.UsingStatementAst" Reference STATEMENT_AST [];
    MEMBER_AST "System.Management.Automation.Language.MemberAst" Reference AST [];
    PROPERTY_MEMBER_AST "System.Management.Automation.Language.PropertyMemberAst" Reference MEMBER_AST [];
    FUNCTION_MEMBER_AST "System.Management.Automation.Language.FunctionMemberAst" Reference MEMBER_AST [];
    FUNCTION_DEFINITION_AST "System.Management.Automation.Language.FunctionDefinitionAst" Reference STATEMENT_AST [];
    IF_STATEMENT_AST "System.Management.Automation.Language.IfStatementAst" Reference STATEMENT_AST [];
    DATA_STATEMENT_AST "System.Management.Automation.Language.DataStatementAst" Reference STATEMENT_AST [];
    LABELED_STATEMENT_AST "System.Management.Automation.Language.LabeledStatementAst" Reference STATEMENT_AST [];
    LOOP_STATEMENT_AST "System.Management.Automation.Language.LoopStatementAst" Reference LABELED_STATEMENT_AST [];
    FOR_EACH_STATEMENT_AST "System.Management.Automation.Language.ForEachStatementAst" Reference LOOP_STATEMENT_AST [];
    FOR_STATEMENT_AST "System.Management.Automation.Language.ForStatementAst" Reference LOOP_STATEMENT_AST [];
    DO_WHILE_STATEMENT_AST "System.Management.Automation.Language.DoWhileStatementAst" Reference LOOP_STATEMENT_AST [];
    DO_UNTIL_STATEMENT_AST "System.Management.Automation.Language.DoUntilStatementAst" Reference LOOP_STATEMENT_AST [];
    WHILE_STATEMENT_AST "System.Management.Automation.Language.WhileStatementAst" Reference LOOP_STATEMENT_AST [];
    SWITCH_STATEMENT_AST "System.Management.Automation.Language.SwitchStatementAst" Reference LABELED_STATEMENT_AST [];
    CATCH_CLAUSE_AST "System.Management.Automation.Language.CatchClauseAst" Reference AST [];
    TRY_STATEMENT_AST "System.Management.Automation.Language.TryStatementAst" Reference STATEMENT_AST [];
    TRAP_STATEMENT_AST "System.Management.Automation.Language.TrapStatementAst" Reference STATEMENT_AST [];
    BREAK_STATEMENT_AST "System.Management.Automation.Language.BreakStatementAst" Reference STATEMENT_AST [];
    CONTINUE_STATEMENT_AST "System.Management.Automation.Language.ContinueStatementAst" Reference STATEMENT_AST [];
    RETURN_STATEMENT_AST "System.Management.Automation.Language.ReturnStatementAst" Reference STATEMENT_AST [];
    EXIT_STATEMENT_AST "System.Management.Automation.Language.ExitStatementAst" Reference STATEMENT_AST [];
    THROW_STATEMENT_AST "System.Management.Automation.Language.ThrowStatementAst" Reference STATEMENT_AST [];
    BLOCK_STATEMENT_AST "System.Management.Automation.Language.BlockStatementAst" Reference STATEMENT_AST [];
    PIPELINE_BASE_AST "System.Management.Automation.Language.PipelineBaseAst" Reference STATEMENT_AST [];
    CHAINABLE_AST "System.Management.Automation.Language.ChainableAst" Reference PIPELINE_BASE_AST [];
    ERROR_STATEMENT_AST "System.Management.Automation.Language.ErrorStatementAst" Reference PIPELINE_BASE_AST [];
    PIPELINE_CHAIN_AST "System.Management.Automation.Language.PipelineChainAst" Reference CHAINABLE_AST [];
    PIPELINE_AST "System.Management.Automation.Language.PipelineAst" Reference CHAINABLE_AST [];
    ASSIGNMENT_STATEMENT_AST "System.Management.Automation.Language.AssignmentStatementAst" Reference PIPELINE_BASE_AST [];
    COMMAND_BASE_AST "System.Management.Automation.Language.CommandBaseAst" Reference STATEMENT_AST [];
    COMMAND_AST "System.Management.Automation.Language.CommandAst" Reference COMMAND_BASE_AST [];
    COMMAND_EXPRESSION_AST "System.Management.Automation.Language.CommandExpressionAst" Reference COMMAND_BASE_AST [];
    COMMAND_ELEMENT_AST "System.Management.Automation.Language.CommandElementAst" Reference AST [];
    COMMAND_PARAMETER_AST "System.Management.Automation.Language.CommandParameterAst" Reference COMMAND_ELEMENT_AST [];
    REDIRECTION_AST "System.Management.Automation.Language.RedirectionAst" Reference AST [];
    MERGING_REDIRECTION_AST "System.Management.Automation.Language.MergingRedirectionAst" Reference REDIRECTION_AST [];
    FILE_REDIRECTION_AST "System.Management.Automation.Language.FileRedirectionAst" Reference REDIRECTION_AST [];
    EXPRESSION_AST "System.Management.Automation.Language.ExpressionAst" Reference COMMAND_ELEMENT_AST [];
    ERROR_EXPRESSION_AST "System.Management.Automation.Language.ErrorExpressionAst" Reference EXPRESSION_AST [];
    TERNARY_EXPRESSION_AST "System.Management.Automation.Language.TernaryExpressionAst" Reference EXPRESSION_AST [];
    BINARY_EXPRESSION_AST "System.Management.Automation.Language.BinaryExpressionAst" Reference EXPRESSION_AST [];
    UNARY_EXPRESSION_AST "System.Management.Automation.Language.UnaryExpressionAst" Reference EXPRESSION_AST [];
    ATTRIBUTED_EXPRESSION_AST "System.Management.Automation.Language.AttributedExpressionAst" Reference EXPRESSION_AST [];
    CONVERT_EXPRESSION_AST "System.Management.Automation.Language.ConvertExpressionAst" Reference ATTRIBUTED_EXPRESSION_AST [];
    MEMBER_EXPRESSION_AST "System.Management.Automation.Language.MemberExpressionAst" Reference EXPRESSION_AST [];
    INVOKE_MEMBER_EXPRESSION_AST "System.Management.Automation.Language.InvokeMemberExpressionAst" Reference MEMBER_EXPRESSION_AST [];
    BASE_CTOR_INVOKE_MEMBER_EXPRESSION_AST "System.Management.Automation.Language.BaseCtorInvokeMemberExpressionAst" Reference INVOKE_MEMBER_EXPRESSION_AST [];
    TYPE_EXPRESSION_AST "System.Management.Automation.Language.TypeExpressionAst" Reference EXPRESSION_AST [];
    VARIABLE_EXPRESSION_AST "System.Management.Automation.Language.VariableExpressionAst" Reference EXPRESSION_AST [];
    CONSTANT_EXPRESSION_AST "System.Management.Automation.Language.ConstantExpressionAst" Reference EXPRESSION_AST [];
    STRING_CONSTANT_EXPRESSION_AST "System.Management.Automation.Language.StringConstantExpressionAst" Reference CONSTANT_EXPRESSION_AST [];
    EXPANDABLE_STRING_EXPRESSION_AST "System.Management.Automation.Language.ExpandableStringExpressionAst" Reference EXPRESSION_AST [];
    SCRIPT_BLOCK_EXPRESSION_AST "System.Management.Automation.Language.ScriptBlockExpressionAst" Reference EXPRESSION_AST [];
    ARRAY_LITERAL_AST "System.Management.Automation.Language.ArrayLiteralAst" Reference EXPRESSION_AST [];
    HASHTABLE_AST "System.Management.Automation.Language.HashtableAst" Reference EXPRESSION_AST [];
    ARRAY_EXPRESSION_AST "System.Management.Automation.Language.ArrayExpressionAst" Reference EXPRESSION_AST [];
    PAREN_EXPRESSION_AST "System.Management.Automation.Language.ParenExpressionAst" Reference EXPRESSION_AST [];
    SUB_EXPRESSION_AST "System.Management.Automation.Language.SubExpressionAst" Reference EXPRESSION_AST [];
    USING_EXPRESSION_AST "System.Management.Automation.Language.UsingExpressionAst" Reference EXPRESSION_AST [];
    INDEX_EXPRESSION_AST "System.Management.Automation.Language.IndexExpressionAst" Reference EXPRESSION_AST [];
    // Tokens and places.
    TOKEN "System.Management.Automation.Language.Token" Reference OBJECT [];
    NUMBER_TOKEN "System.Management.Automation.Language.NumberToken" Reference TOKEN [];
    PARAMETER_TOKEN "System.Management.Automation.Language.ParameterToken" Reference TOKEN [];
    VARIABLE_TOKEN "System.Management.Automation.Language.VariableToken" Reference TOKEN [];
    LABEL_TOKEN "System.Management.Automation.Language.LabelToken" Reference TOKEN [];
    REDIRECTION_TOKEN "System.Management.Automation.Language.RedirectionToken" Reference TOKEN [];
    MERGING_REDIRECTION_TOKEN "System.Management.Automation.Language.MergingRedirectionToken" Reference REDIRECTION_TOKEN [];
    FILE_REDIRECTION_TOKEN "System.Management.Automation.Language.FileRedirectionToken" Reference REDIRECTION_TOKEN [];
    INPUT_REDIRECTION_TOKEN "System.Management.Automation.Language.InputRedirectionToken" Reference REDIRECTION_TOKEN [];
    STRING_TOKEN "System.Management.Automation.Language.StringToken" Reference TOKEN [];
    STRING_LITERAL_TOKEN "System.Management.Automation.Language.StringLiteralToken" Reference STRING_TOKEN [];
    STRING_EXPANDABLE_TOKEN "System.Management.Automation.Language.StringExpandableToken" Reference STRING_TOKEN [];
    PARSE_ERROR "System.Management.Automation.Language.ParseError" Reference OBJECT [];
    SCRIPT_POSITION "System.Management.Automation.Language.ScriptPosition" Reference OBJECT [ISCRIPT_POSITION];
    INTERNAL_SCRIPT_POSITION "System.Management.Automation.Language.InternalScriptPosition" Reference OBJECT [ISCRIPT_POSITION];
    LANGUAGE_TYPE_NAME "System.Management.Automation.Language.TypeName" Reference OBJECT [ITYPE_NAME];
    GENERIC_TYPE_NAME "System.Management.Automation.Language.GenericTypeName" Reference OBJECT [ITYPE_NAME];
    ARRAY_TYPE_NAME "System.Management.Automation.Language.ArrayTypeName" Reference OBJECT [ITYPE_NAME];
    DYNAMIC_KEYWORD "System.Management.Automation.Language.DynamicKeyword" Reference OBJECT [];
    CODE_GENERATION "System.Management.Automation.Language.CodeGeneration" Reference OBJECT [];
    STATIC_PARAMETER_BINDER "System.Management.Automation.Language.StaticParameterBinder" Reference OBJECT [];
    STATIC_BINDING_RESULT "System.Management.Automation.Language.StaticBindingResult" Reference OBJECT [];
    ISCRIPT_EXTENT "System.Management.Automation.Language.IScriptExtent" Interface - [];
    ISCRIPT_POSITION "System.Management.Automation.Language.IScriptPosition" Interface - [];
    ITYPE_NAME "System.Management.Automation.Language.ITypeName" Interface - [];
    SCRIPT_EXTENT "System.Management.Automation.Language.InternalScriptExtent" Reference OBJECT [ISCRIPT_EXTENT];
    VARIABLE_PATH "System.Management.Automation.VariablePath" Reference OBJECT [];
}

declare_enums! { LANGUAGE_ENUMERATIONS:
    TOKEN_KIND "System.Management.Automation.Language.TokenKind" {
        Unknown = 0, Variable = 1, SplattedVariable = 2, Parameter = 3, Number = 4, Label = 5, Identifier =
        6, Generic = 7, NewLine = 8, LineContinuation = 9, Comment = 10, EndOfInput = 11, StringLiteral =
        12, StringExpandable = 13, HereStringLiteral = 14, HereStringExpandable = 15, LParen = 16, RParen =
        17, LCurly = 18, RCurly = 19, LBracket = 20, RBracket = 21, AtParen = 22, AtCurly = 23, DollarParen
        = 24, Semi = 25, AndAnd = 26, OrOr = 27, Ampersand = 28, Pipe = 29, Comma = 30, MinusMinus = 31,
        PlusPlus = 32, DotDot = 33, ColonColon = 34, Dot = 35, Exclaim = 36, Multiply = 37, Divide = 38, Rem
        = 39, Plus = 40, Minus = 41, Equals = 42, PlusEquals = 43, MinusEquals = 44, MultiplyEquals = 45,
        DivideEquals = 46, RemainderEquals = 47, Redirection = 48, RedirectInStd = 49, Format = 50, Not =
        51, Bnot = 52, And = 53, Or = 54, Xor = 55, Band = 56, Bor = 57, Bxor = 58, Join = 59, Ieq = 60, Ine
        = 61, Ige = 62, Igt = 63, Ilt = 64, Ile = 65, Ilike = 66, Inotlike = 67, Imatch = 68, Inotmatch =
        69, Ireplace = 70, Icontains = 71, Inotcontains = 72, Iin = 73, Inotin = 74, Isplit = 75, Ceq = 76,
        Cne = 77, Cge = 78, Cgt = 79, Clt = 80, Cle = 81, Clike = 82, Cnotlike = 83, Cmatch = 84, Cnotmatch
        = 85, Creplace = 86, Ccontains = 87, Cnotcontains = 88, Cin = 89, Cnotin = 90, Csplit = 91, Is = 92,
        IsNot = 93, As = 94, PostfixPlusPlus = 95, PostfixMinusMinus = 96, Shl = 97, Shr = 98, Colon = 99,
        QuestionMark = 100, QuestionQuestionEquals = 101, QuestionQuestion = 102, QuestionDot = 103,
        QuestionLBracket = 104, Begin = 119, Break = 120, Catch = 121, Class = 122, Continue = 123, Data =
        124, Define = 125, Do = 126, Dynamicparam = 127, Else = 128, ElseIf = 129, End = 130, Exit = 131,
        Filter = 132, Finally = 133, For = 134, Foreach = 135, From = 136, Function = 137, If = 138, In =
        139, Param = 140, Process = 141, Return = 142, Switch = 143, Throw = 144, Trap = 145, Try = 146,
        Until = 147, Using = 148, Var = 149, While = 150, Workflow = 151, Parallel = 152, Sequence = 153,
        InlineScript = 154, Configuration = 155, DynamicKeyword = 156, Public = 157, Private = 158, Static =
        159, Interface = 160, Enum = 161, Namespace = 162, Module = 163, Type = 164, Assembly = 165, Command
        = 166, Hidden = 167, Base = 168, Default = 169, Clean = 170 };
    TOKEN_FLAGS "System.Management.Automation.Language.TokenFlags" flags {
        None = 0x0, BinaryPrecedenceLogical = 0x1, BinaryPrecedenceBitwise = 0x2, BinaryPrecedenceComparison
        = 0x5, BinaryPrecedenceCoalesce = 0x7, BinaryPrecedenceAdd = 0x9, BinaryPrecedenceMultiply = 0xa,
        BinaryPrecedenceFormat = 0xc, BinaryPrecedenceRange = 0xd, BinaryPrecedenceMask = 0xf, Keyword =
        0x10, ScriptBlockBlockName = 0x20, BinaryOperator = 0x100, UnaryOperator = 0x200,
        CaseSensitiveOperator = 0x400, TernaryOperator = 0x800, SpecialOperator = 0x1000, AssignmentOperator
        = 0x2000, ParseModeInvariant = 0x8000, TokenInError = 0x10000, DisallowedInRestrictedMode = 0x20000,
        PrefixOrPostfixOperator = 0x40000, CommandName = 0x80000, MemberName = 0x100000, TypeName =
        0x200000, AttributeName = 0x400000, CanConstantFold = 0x800000, StatementDoesntSupportAttributes =
        0x1000000 };
    STRING_CONSTANT_TYPE "System.Management.Automation.Language.StringConstantType" {
        SingleQuoted = 0, SingleQuotedHereString = 1, DoubleQuoted = 2, DoubleQuotedHereString = 3, BareWord = 4 };
    REDIRECTION_STREAM "System.Management.Automation.Language.RedirectionStream" {
        All = 0, Output = 1, Error = 2, Warning = 3, Verbose = 4, Debug = 5, Information = 6 };
    SWITCH_FLAGS "System.Management.Automation.Language.SwitchFlags" flags {
        None = 0, File = 1, Regex = 2, Wildcard = 4, Exact = 8, CaseSensitive = 16, Parallel = 32 };
    FOR_EACH_FLAGS "System.Management.Automation.Language.ForEachFlags" flags { None = 0, Parallel = 1 };
    USING_STATEMENT_KIND "System.Management.Automation.Language.UsingStatementKind" { Assembly = 0, Command = 1, Module = 2, Namespace = 3, Type = 4 };
    TYPE_ATTRIBUTES "System.Management.Automation.Language.TypeAttributes" flags { None = 0, Class = 1, Interface = 2, Enum = 4 };
    PROPERTY_ATTRIBUTES "System.Management.Automation.Language.PropertyAttributes" flags {
        None = 0, Public = 1, Private = 2, Static = 16, Literal = 32, Hidden = 64 };
    METHOD_ATTRIBUTES "System.Management.Automation.Language.MethodAttributes" flags { None = 0, Public = 1, Private = 2, Static = 16, Hidden = 64 };
}
