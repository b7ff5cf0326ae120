using System;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text;

// The yardstick of the pwsh rows: the two system calls in cmdlets that check nothing, can't be stopped while they wait and
// know one kind of payload, but have the parameters of Send-SysVMessage, over which PowerShell goes for each object.
// Compiled by Add-Type in the peer.
internal static unsafe class Kernel
{
    [DllImport("libc")]
    internal static extern nint msgsnd(int id, byte* message, nint length, int flags);

    [DllImport("libc")]
    internal static extern nint msgrcv(int id, byte* message, nint length, nint type, int flags);
}

[Cmdlet(VerbsCommunications.Send, "Bare", DefaultParameterSetName = "Key")]
public sealed unsafe class SendBareCommand : PSCmdlet
{
    private readonly byte[] _buffer = new byte[256];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Key")]
    public int Key { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Queue")]
    public object Queue { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    public int Id { get; set; }

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object Message { get; set; }

    [Parameter] public long? Type { get; set; }
    [Parameter] public string Encoding { get; set; }
    [Parameter] public SwitchParameter NullTerminated { get; set; }
    [Parameter] public int? PadTo { get; set; }
    [Parameter] public SwitchParameter AsObject { get; set; }
    [Parameter] public int? Depth { get; set; }
    [Parameter] public SwitchParameter NoWait { get; set; }
    [Parameter] public TimeSpan? Timeout { get; set; }

    protected override void ProcessRecord()
    {
        object bare = Message is PSObject wrapper ? wrapper.BaseObject : Message;
        int length = System.Text.Encoding.UTF8.GetBytes((string)bare, _buffer.AsSpan(sizeof(long)));
        _buffer[0] = 1;
        fixed (byte* message = _buffer)
        {
            if (Kernel.msgsnd(Id, message, length, 0) < 0)
            {
                throw new InvalidOperationException("msgsnd");
            }
        }
    }
}

public sealed class BareMessage(long type, byte[] bytes, Encoding encoding, int queueId)
{
    private readonly Encoding _encoding = encoding;
    private string _text;

    public string Text => _text ??= _encoding.GetString(Bytes);

    public byte[] Bytes { get; } = bytes;

    public long Type { get; } = type;

    public int QueueId { get; } = queueId;
}

[Cmdlet(VerbsCommunications.Receive, "Bare")]
public sealed unsafe class ReceiveBareCommand : PSCmdlet
{
    private const int Room = 8192;
    private const int NoWait = 0x800;
    private readonly byte[] _buffer = new byte[sizeof(long) + Room];

    [Parameter(Mandatory = true)]
    public int Id { get; set; }

    protected override void ProcessRecord()
    {
        while (true)
        {
            nint length;
            fixed (byte* message = _buffer)
            {
                length = Kernel.msgrcv(Id, message, Room, 0, NoWait);
            }

            if (length < 0)
            {
                return;
            }

            WriteObject(new BareMessage(BitConverter.ToInt64(_buffer), _buffer.AsSpan(sizeof(long), (int)length).ToArray(), Encoding.UTF8, Id));
        }
    }
}
