using System;
using System.Collections.Generic;

namespace PsIpc;

/// <summary>
/// One kernel object of inter-process communication, as it was when it was looked at. A record, not a handle: it keeps
/// nothing open, and may be kept, compared, exported to CLIXML or sent over remoting.
/// </summary>
public abstract class IpcObject : Columns.IObject
{
    private const int IdentityWidth = 22; // of the column in PsIpc.Format.ps1xml

    /// <summary>What kind of object it is: the text of an <see cref="IpcKind"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>What it is called: a POSIX name, the key of a System V object as 0x%08x, the path of a file.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The owner's name; the number as text where it has none.</summary>
    public string Owner { get; internal set; } = "";

    /// <summary>The owning group's name; the number as text where it has none.</summary>
    public string Group { get; internal set; } = "";

    /// <summary>Its permission bits, as ls(1) shows them: rw-r-----.</summary>
    public string Mode { get; internal set; } = "";

    /// <summary>Bytes of data in it; null when they may not be seen.</summary>
    public long? Size { get; internal set; }

    /// <summary>The owner's number; null where it is not known.</summary>
    public uint? OwnerUid { get; internal set; }

    /// <summary>The owning group's number; null where it is not known.</summary>
    public uint? OwnerGid { get; internal set; }

    /// <summary>When the kernel last saw it used or changed; null when never, or when that is not recorded.</summary>
    public abstract DateTime? LastActivity { get; }

    /// <summary>
    /// Whether nobody can need it any more: Yes where the kernel proves it, No where it proves the contrary, else Unknown.
    /// A POSIX object is Unknown unless its holders were looked for.
    /// </summary>
    public string OrphanState { get; internal set; } = OrphanStates.Unknown;

    /// <summary>Who has it open; null when that was not asked for, or cannot be known for this kind.</summary>
    public IpcHolder[]? Holders { get; internal set; }

    /// <summary>
    /// Whether every process could be looked into for holders: Complete, or Partial where /proc hides some; null when
    /// holders were not asked for.
    /// </summary>
    public string? Attribution { get; internal set; }

    /// <summary>Device of the object, where it has one: the upper half the major number, the lower the minor.</summary>
    public ulong? Device { get; internal set; }

    /// <summary>Inode of the object, where it has one.</summary>
    public ulong? Inode { get; internal set; }

    /// <summary>The boot of the machine on which it was seen.</summary>
    public string BootId { get; internal set; } = "";

    /// <summary>The inode of the IPC namespace in which it was seen.</summary>
    public long IpcNamespace { get; internal set; }

    /// <summary>
    /// The number of that namespace that no other gets before the next boot, where the inode's goes to the next that is made; null before
    /// Linux 6.18.
    /// </summary>
    public ulong? IpcNamespaceId { get; internal set; }

    string Columns.IObject.SizeText => HumanSize.Format(Size);

    string Columns.IObject.NameText => NameText;

    string Columns.IObject.Identity => Identity;

    string Columns.IObject.IdText => IdText;

    string Columns.IObject.Summary => Summary;

    string Columns.IObject.IdentityText
    {
        get
        {
            if (Identity.Length <= IdentityWidth || Identity[0] != '/' || Identity.LastIndexOf('/') == 0)
            {
                return Identity;
            }

            string end = Identity[^(IdentityWidth - 1)..];
            return "\u2026" + (char.IsLowSurrogate(end[0]) ? end[1..] : end);
        }
    }

    /// <summary>What it is addressed by: the name, and the id of a System V object.</summary>
    internal string Identity => IdText.Length > 0 ? $"{NameText} ({IdText})" : NameText;

    /// <summary>The id of a System V object; empty where there is none.</summary>
    internal abstract string IdText { get; }

    /// <summary>What matters most about it, in a few words.</summary>
    internal abstract string Summary { get; }

    /// <summary>The processes that the kernel itself names with the object.</summary>
    internal abstract IEnumerable<int> ProcessIds { get; }

    /// <summary>The same, for one who looks for its holders and leaves the record of another as it was.</summary>
    internal IpcObject Copy() => (IpcObject)MemberwiseClone();

    private string NameText => Visible.Of(Name);

    /// <summary>Kind and name.</summary>
    public override string ToString() => $"{Kind} {Name}";
}
