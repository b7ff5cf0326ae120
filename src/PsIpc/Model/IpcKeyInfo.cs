
namespace PsIpc;

/// <summary>A System V key made from a file by ftok(3), and whether a live object has it.</summary>
public sealed class IpcKeyInfo : Columns.IKeyInfo
{
    /// <summary>The key, as the signed number that C has.</summary>
    public int Key { get; internal set; }

    /// <summary>The key as tools show it: 0x%08x.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The file it was made from.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>The number it was made with: 1 to 255.</summary>
    public int ProjectId { get; internal set; }

    /// <summary>
    /// The live objects that have this key, one of each kind at most, as kind and id; empty when it is free. Whether they
    /// were made from the same file cannot be told: different files can give the same key.
    /// </summary>
    public string[] InUseBy { get; internal set; } = [];

    string Columns.IKeyInfo.PathText => Visible.Of(Path);

    /// <summary>The key in hexadecimal.</summary>
    public override string ToString() => Name;
}
