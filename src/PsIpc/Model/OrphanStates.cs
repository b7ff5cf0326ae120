namespace PsIpc;

/// <summary>The values of <see cref="IpcObject.OrphanState"/>: text, because text survives CLIXML and JSON.</summary>
internal static class OrphanStates
{
    internal const string Yes = "Yes";
    internal const string No = "No";
    internal const string Unknown = "Unknown";
}
