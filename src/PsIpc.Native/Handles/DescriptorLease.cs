namespace PsIpc.Native.Handles;

/// <summary>
/// Holds a descriptor open while its bare number is in use. LibraryImport does the same for a handle that is
/// passed to one call; a lease serves a call that is made again and again, or one with its own argument types.
/// </summary>
internal readonly ref struct DescriptorLease
{
    private readonly SafeDescriptor _owner;

    internal DescriptorLease(SafeDescriptor owner)
    {
        bool added = false;
        owner.DangerousAddRef(ref added);
        _owner = owner;
        Value = (int)owner.DangerousGetHandle();
    }

    internal int Value { get; }

    public void Dispose() => _owner.DangerousRelease();
}
