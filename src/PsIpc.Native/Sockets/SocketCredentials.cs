namespace PsIpc.Native.Sockets;

/// <summary>Who is at the other side, as the kernel vouches for it: struct ucred, unix(7).</summary>
/// <param name="ProcessId">The process; null of one that cannot be seen from this PID namespace.</param>
/// <param name="UserId">Its user.</param>
/// <param name="GroupId">Its group.</param>
public readonly record struct SocketCredentials(int? ProcessId, uint UserId, uint GroupId);
