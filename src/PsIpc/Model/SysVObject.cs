using System;
using System.Globalization;

namespace PsIpc;

/// <summary>An object of System V IPC: addressed by a key or an id. See sysvipc(7).</summary>
public abstract class SysVObject : IpcObject
{
    /// <summary>The key it was made with, as the signed number that C has; 0 for a private object. <see cref="IpcObject.Name"/> has it in hexadecimal.</summary>
    public int Key { get; internal set; }

    /// <summary>The identifier by which calls address it; 0 is a valid one.</summary>
    public int Id { get; internal set; }

    /// <summary>Tells it from an earlier object in the same slot of the kernel's table.</summary>
    public int Sequence { get; internal set; }

    /// <summary>When it was made or its attributes were set, in local time.</summary>
    public DateTime? ChangeTime { get => Times.Local(field); internal set; }

    /// <summary>The number of the user who made it.</summary>
    public uint CreatorUid { get; internal set; }

    /// <summary>The number of the group of the user who made it.</summary>
    public uint CreatorGid { get; internal set; }

    internal override string IdText => Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Kind, key and id.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Name} (id {Id})");
}
