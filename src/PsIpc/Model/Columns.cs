using System.Management.Automation;

// What tables show of an object and nothing else needs. Columns are properties, because formatting finds them by their names, and they travel in
// CLIXML with the object, whose table is shown at the other side as well. PowerShell takes the properties of public interfaces for the object's own
// and honours Hidden on them; the classes implement them explicitly, because ConvertTo-Json writes every public property of a class, hidden or not.
// An interface has exactly the columns of its class: those of others would travel along as empty properties, and a Name among them would be bound
// as $null by whatever takes names from the pipeline.
namespace PsIpc.Columns;

/// <summary>The columns of an <see cref="IpcObject"/>.</summary>
public interface IObject
{
    /// <summary>The size.</summary>
    [Hidden]
    string SizeText { get; }

    /// <summary>Its name: one line, control characters as \n or \x1b.</summary>
    [Hidden]
    string NameText { get; }

    /// <summary>What it is addressed by: the name, and the id of a System V object.</summary>
    [Hidden]
    string Identity { get; }

    /// <summary>The same where there is little room: of a path its end, by which files of one directory differ.</summary>
    [Hidden]
    string IdentityText { get; }

    /// <summary>The id of a System V object; empty where there is none.</summary>
    [Hidden]
    string IdText { get; }

    /// <summary>What matters most about it, in a few words.</summary>
    [Hidden]
    string Summary { get; }
}

/// <summary>The columns of an <see cref="EndpointObject"/>.</summary>
public interface IEndpoint
{
    /// <summary>The processes that have it open for reading.</summary>
    [Hidden]
    string ReadersText { get; }

    /// <summary>The processes that have it open for writing.</summary>
    [Hidden]
    string WritersText { get; }
}

/// <summary>The columns of a <see cref="SysVMessageQueue"/> or <see cref="PosixMessageQueue"/>.</summary>
public interface IMessageQueue
{
    /// <summary>The room: for all messages of a System V queue, for one message of a POSIX queue.</summary>
    [Hidden]
    string RoomText { get; }
}

/// <summary>The columns of a <see cref="SysVSemaphore"/>.</summary>
public interface ISysVSemaphore
{
    /// <summary>The first values.</summary>
    [Hidden]
    string ValuesText { get; }
}

/// <summary>The columns of a <see cref="SysVSharedMemory"/>.</summary>
public interface ISysVSharedMemory
{
    /// <summary>What is in memory.</summary>
    [Hidden]
    string ResidentText { get; }

    /// <summary>Removed, locked, or neither.</summary>
    [Hidden]
    string StatusText { get; }
}

/// <summary>The columns of a <see cref="PosixSharedMemory"/>.</summary>
public interface IPosixSharedMemory
{
    /// <summary>What is in memory.</summary>
    [Hidden]
    string AllocatedText { get; }
}

/// <summary>The columns of a <see cref="UnixSocket"/>.</summary>
public interface IUnixSocket
{
    /// <summary>The processes that have it open.</summary>
    [Hidden]
    string ProcessesText { get; }

    /// <summary>The processes at the other side, or else its inode.</summary>
    [Hidden]
    string PeerText { get; }
}

/// <summary>The columns of a <see cref="FileLock"/>.</summary>
public interface IFileLock
{
    /// <summary>The process's name.</summary>
    [Hidden]
    string ProcessText { get; }

    /// <summary>The range.</summary>
    [Hidden]
    string RangeText { get; }

    /// <summary>Whether it is held or waits for whom.</summary>
    [Hidden]
    string StateText { get; }
}

/// <summary>The columns of a <see cref="FileMapping"/>.</summary>
public interface IFileMapping
{
    /// <summary>How much is mapped.</summary>
    [Hidden]
    string MappedText { get; }

    /// <summary>The processes.</summary>
    [Hidden]
    string ProcessesText { get; }
}

/// <summary>The columns of an <see cref="IpcHandle"/>. They have names of their own: the view of a layout may have fields called Name or State.</summary>
public interface IHandle
{
    /// <summary>What sort of handle it is, in a word.</summary>
    [Hidden]
    string HandleText { get; }

    /// <summary>Its descriptor or descriptors; empty when it has none, and when it is closed.</summary>
    [Hidden]
    string DescriptorText { get; }

    /// <summary>What may be done with it, or how it is connected.</summary>
    [Hidden]
    string StateText { get; }

    /// <summary>How much it holds, or has room for; empty where that means nothing.</summary>
    [Hidden]
    string SizeText { get; }

    /// <summary>What it belongs to.</summary>
    [Hidden]
    string NameText { get; }
}

/// <summary>The columns of a <see cref="StreamHandle"/>.</summary>
public interface IStreamHandle
{
    /// <summary>What it is.</summary>
    [Hidden]
    string StreamName { get; }
}

/// <summary>The columns of an <see cref="OpenPipe"/>.</summary>
public interface IOpenPipe
{
    /// <summary>The descriptor of the end that is read.</summary>
    [Hidden]
    int? ReaderDescriptor { get; }

    /// <summary>The descriptor of the end that is written to.</summary>
    [Hidden]
    int? WriterDescriptor { get; }

    /// <summary>What it is.</summary>
    [Hidden]
    string Name { get; }
}

/// <summary>The columns of a <see cref="UnixSocketHandle"/>.</summary>
public interface IUnixSocketHandle
{
    /// <summary>The other side.</summary>
    [Hidden]
    string PeerText { get; }

    /// <summary>What it is bound to itself, for tables that have a column for its peer.</summary>
    [Hidden]
    string OwnNameText { get; }
}

/// <summary>The columns of an <see cref="AnonymousMemory"/>.</summary>
public interface IAnonymousMemory
{
    /// <summary>The seals.</summary>
    [Hidden]
    string SealsText { get; }
}

/// <summary>The columns of a <see cref="SharedMemoryView"/>. They have names of their own: a field may be called Kind, and comes first.</summary>
public interface ISharedMemoryView
{
    /// <summary>The kind.</summary>
    [Hidden]
    string KindText { get; }

    /// <summary>The offset.</summary>
    [Hidden]
    string OffsetText { get; }

    /// <summary>The names of the fields.</summary>
    [Hidden]
    string FieldsText { get; }
}

/// <summary>The columns of a <see cref="HeldFileLock"/>.</summary>
public interface IHeldFileLock
{
    /// <summary>The file.</summary>
    [Hidden]
    string PathText { get; }

    /// <summary>The bytes that are locked.</summary>
    [Hidden]
    string RangeText { get; }
}

/// <summary>The columns of an <see cref="IpcMessage"/>.</summary>
public interface IMessage
{
    /// <summary>The beginning of the text: one line, control characters as \n or \x1b.</summary>
    [Hidden]
    string TextLine { get; }
}

/// <summary>The columns of a <see cref="UnixSocketMessage"/>.</summary>
public interface IUnixSocketMessage
{
    /// <summary>The sender's name.</summary>
    [Hidden]
    string SenderText { get; }

    /// <summary>How many descriptors came with it.</summary>
    [Hidden]
    int HandleCount { get; }
}

/// <summary>The columns of an <see cref="IpcHolder"/>.</summary>
public interface IHolder
{
    /// <summary>The process's name.</summary>
    [Hidden]
    string ProcessText { get; }

    /// <summary>Descriptor or address: where the range begins, because the object's name needs the room.</summary>
    [Hidden]
    string ByText { get; }

    /// <summary>What it holds.</summary>
    [Hidden]
    string ObjectText { get; }
}

/// <summary>The columns of an <see cref="IpcKeyInfo"/>.</summary>
public interface IKeyInfo
{
    /// <summary>The file.</summary>
    [Hidden]
    string PathText { get; }
}

/// <summary>The columns of an <see cref="IpcLimitInfo"/>.</summary>
public interface ILimitInfo
{
    /// <summary>The value.</summary>
    [Hidden]
    string ValueText { get; }

    /// <summary>The per cent.</summary>
    [Hidden]
    string PercentText { get; }
}

/// <summary>The columns of an <see cref="IpcObjectEvent"/>.</summary>
public interface IObjectEvent
{
    /// <summary>The time of day.</summary>
    [Hidden]
    string TimeText { get; }

    /// <summary>What the object is addressed by.</summary>
    [Hidden]
    string Identity { get; }
}

/// <summary>The columns of a <see cref="PipedProcess"/>.</summary>
public interface IPipedProcess
{
    /// <summary>What was started.</summary>
    [Hidden]
    string CommandText { get; }

    /// <summary>How it is, in a word or two.</summary>
    [Hidden]
    string State { get; }
}

/// <summary>The columns of a <see cref="ReceivedSignal"/>.</summary>
public interface IReceivedSignal
{
    /// <summary>The time of day.</summary>
    [Hidden]
    string TimeText { get; }
}

/// <summary>The columns of an <see cref="IpcGraph"/>.</summary>
public interface IGraph
{
    /// <summary>How many nodes.</summary>
    [Hidden]
    int NodeCount { get; }

    /// <summary>How many edges.</summary>
    [Hidden]
    int EdgeCount { get; }

    /// <summary>The circles.</summary>
    [Hidden]
    string DeadlockText { get; }
}

/// <summary>The columns of an <see cref="IpcGraphNode"/>.</summary>
public interface IGraphNode
{
    /// <summary>Name and number, as pictures show it, too.</summary>
    [Hidden]
    string Text { get; }
}

/// <summary>The columns of an <see cref="IpcGraphEdge"/>.</summary>
public interface IGraphEdge
{
    /// <summary>The node from which it leads.</summary>
    [Hidden]
    string FromText { get; }

    /// <summary>The node to which it leads.</summary>
    [Hidden]
    string ToText { get; }
}

/// <summary>The columns of an <see cref="IpcDeadlock"/>.</summary>
public interface IDeadlock
{
    /// <summary>The pids.</summary>
    [Hidden]
    string ProcessText { get; }

    /// <summary>What they wait for.</summary>
    [Hidden]
    string ObjectText { get; }
}
