using PsIpc.Native.Inventory;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime;

/// <summary>Records of files that are to be mapped, whether anybody has done so yet or not.</summary>
internal static class MappedFile
{
    /// <summary>The file of a path; null when there is no regular one.</summary>
    /// <param name="path">Its full path.</param>
    internal static FileMapping? Find(string path)
    {
        using FileObject? file = FileObjectOperations.TryLook(path);
        return file is { Type: FileObjectType.Regular } ? FileMappingOperations.Describe(new InventoryContext(), path, file) : null;
    }
}
