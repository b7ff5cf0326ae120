namespace System.Management.Automation;

/// <summary>What kind of failure an error is.</summary>
public enum ErrorCategory
{
    /// <summary>Unknown.</summary>
    NotSpecified,

    /// <summary>Opening failed.</summary>
    OpenError,

    /// <summary>Closing failed.</summary>
    CloseError,

    /// <summary>A device failed.</summary>
    DeviceError,

    /// <summary>Nobody would ever go on.</summary>
    DeadlockDetected,

    /// <summary>An argument cannot be taken.</summary>
    InvalidArgument,

    /// <summary>Data cannot be taken.</summary>
    InvalidData,

    /// <summary>It cannot be done now.</summary>
    InvalidOperation,

    /// <summary>A result cannot be used.</summary>
    InvalidResult,

    /// <summary>An object of the wrong type.</summary>
    InvalidType,

    /// <summary>Contradictory declarations.</summary>
    MetadataError,

    /// <summary>Not there in this version or kernel.</summary>
    NotImplemented,

    /// <summary>Not installed.</summary>
    NotInstalled,

    /// <summary>There is no such thing.</summary>
    ObjectNotFound,

    /// <summary>Stopped by the user.</summary>
    OperationStopped,

    /// <summary>It lasted too long.</summary>
    OperationTimeout,

    /// <summary>Unreadable source.</summary>
    SyntaxError,

    /// <summary>Unreadable input.</summary>
    ParserError,

    /// <summary>Not allowed.</summary>
    PermissionDenied,

    /// <summary>In use.</summary>
    ResourceBusy,

    /// <summary>There already.</summary>
    ResourceExists,

    /// <summary>Out of reach.</summary>
    ResourceUnavailable,

    /// <summary>Reading failed.</summary>
    ReadError,

    /// <summary>Writing failed.</summary>
    WriteError,

    /// <summary>Another command's own text.</summary>
    FromStdErr,

    /// <summary>Refused by security.</summary>
    SecurityError,

    /// <summary>A protocol was broken.</summary>
    ProtocolError,

    /// <summary>The network failed.</summary>
    ConnectionError,

    /// <summary>Who you are could not be proved.</summary>
    AuthenticationError,

    /// <summary>A limit is reached.</summary>
    LimitsExceeded,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded,

    /// <summary>Not enabled.</summary>
    NotEnabled,
}

/// <summary>How much harm a cmdlet can do.</summary>
public enum ConfirmImpact
{
    /// <summary>Never asked.</summary>
    None,

    /// <summary>Little.</summary>
    Low,

    /// <summary>Some.</summary>
    Medium,

    /// <summary>Much: asked unless told not to.</summary>
    High,
}

/// <summary>What is done with a record of a stream.</summary>
public enum ActionPreference
{
    /// <summary>Shown nowhere, but kept.</summary>
    SilentlyContinue,

    /// <summary>Shown, and the pipeline ends.</summary>
    Stop,

    /// <summary>Shown.</summary>
    Continue,

    /// <summary>The user is asked.</summary>
    Inquire,

    /// <summary>Not kept either.</summary>
    Ignore,

    /// <summary>For workflows, which are no more.</summary>
    Suspend,

    /// <summary>The debugger is entered.</summary>
    Break,
}

/// <summary>How wildcards match.</summary>
[Flags]
public enum WildcardOptions
{
    /// <summary>Upper and lower case differ.</summary>
    None = 0,

    /// <summary>Compiled, which makes no difference here.</summary>
    Compiled = 1,

    /// <summary>Upper and lower case are the same.</summary>
    IgnoreCase = 2,

    /// <summary>The invariant culture's case, as everywhere here.</summary>
    CultureInvariant = 4,
}

/// <summary>Why ShouldProcess said no.</summary>
[Flags]
public enum ShouldProcessReason
{
    /// <summary>The user did.</summary>
    None = 0,

    /// <summary>-WhatIf did.</summary>
    WhatIf = 1,
}

/// <summary>What a completion stands for.</summary>
public enum CompletionResultType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>History.</summary>
    History,

    /// <summary>A command.</summary>
    Command,

    /// <summary>A file.</summary>
    ProviderItem,

    /// <summary>A directory.</summary>
    ProviderContainer,

    /// <summary>A property.</summary>
    Property,

    /// <summary>A method.</summary>
    Method,

    /// <summary>A parameter's name.</summary>
    ParameterName,

    /// <summary>A parameter's value.</summary>
    ParameterValue,
}
