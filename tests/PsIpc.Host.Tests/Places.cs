using System;
using System.Linq;
using System.Reflection;

namespace PsIpc.Host.Tests;

/// <summary>Where things are that the build knows.</summary>
internal static class Places
{
    internal static string Root { get; } = Of("Root");

    internal static string Host { get; } = Of("Host");

    internal static string ReferenceAssembly { get; } = Of("ReferenceAssembly");

    private static string Of(string key) => typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == key).Value ?? throw new InvalidOperationException(key);
}
