using System;

namespace PsIpc.Native.SysV;

/// <summary>How a message is taken from a System V queue; see msgrcv(2).</summary>
[Flags]
public enum SysVReceiveOptions
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>A message longer than the buffer is cut, the rest lost (MSG_NOERROR), instead of left in the queue.</summary>
    Truncate = Interop.Libc.MSG_NOERROR,

    /// <summary>The first message whose type is <em>not</em> the given one (MSG_EXCEPT).</summary>
    Except = Interop.Libc.MSG_EXCEPT,

    /// <summary>
    /// A copy of the message at the position that stands in place of the type, counted from 0; it stays in the
    /// queue (MSG_COPY). Never blocks; the kernel must be built with CONFIG_CHECKPOINT_RESTORE.
    /// </summary>
    Copy = Interop.Libc.MSG_COPY,
}
