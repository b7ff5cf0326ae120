namespace PsIpc.Runtime.Kinds;

/// <summary>How /proc tells who has an object open.</summary>
internal enum HolderSource
{
    /// <summary>Not at all: System V queues and semaphores have no openers.</summary>
    None,

    /// <summary>By descriptors.</summary>
    Descriptors,

    /// <summary>By descriptors and by mappings: who has mapped it may have closed it.</summary>
    DescriptorsAndMappings,

    /// <summary>By attachments.</summary>
    Attachments,
}
