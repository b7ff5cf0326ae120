namespace PsIpc;

/// <summary>What a receiving cmdlet emits of each message instead of the whole.</summary>
public enum MessageForm
{
    /// <summary>Its text, a string.</summary>
    Text,

    /// <summary>Its bytes, one byte[].</summary>
    Bytes,

    /// <summary>The object that was sent as CLIXML with -AsObject.</summary>
    Object,
}
