namespace PsIpc.Runtime.Kinds;

/// <summary>What is to be set; what is null stays as it is.</summary>
/// <param name="Uid">New owner.</param>
/// <param name="Gid">New group.</param>
/// <param name="Mode">New permissions.</param>
/// <param name="MaxBytes">New room of a System V queue.</param>
/// <param name="Locked">Whether a System V segment stays in memory.</param>
internal readonly record struct AttributeChange(uint? Uid, uint? Gid, PermissionMode? Mode, long? MaxBytes, bool? Locked);
