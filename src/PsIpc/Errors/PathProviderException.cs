using System.Management.Automation;

namespace PsIpc.Errors;

/// <summary>A path leads to something that is no file.</summary>
internal sealed class PathProviderException(ErrorRecord record) : RuntimeException(record.Exception.Message, null, record);
