namespace PsIpc;

/// <summary>In what form a reading cmdlet emits what comes.</summary>
public enum StreamForm
{
    /// <summary>Lines, a string each, without their ends.</summary>
    Line,

    /// <summary>Text as it comes, a string for each piece.</summary>
    Text,

    /// <summary>Bytes as they come, a byte[] for each piece.</summary>
    Bytes,
}
