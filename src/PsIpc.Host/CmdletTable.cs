using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands;
using PsIpc.Commands;
using PsIpc.Host.Engine;

namespace PsIpc.Host;

/// <summary>Finds the cmdlets of PsIpc.dll by their names.</summary>
internal static class CmdletTable
{
    private const string Namespace = "PsIpc.Commands.";
    private const string Suffix = "Command";
    private static readonly Dictionary<string, CmdletDescription> Known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all cmdlets, sorted; those that need PowerShell are left out.</summary>
    internal static List<string> Names
    {
        [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "PsIpc.dll is kept whole.")]
        get
        {
            List<string> names = [];
            foreach (Type type in typeof(IpcObject).Assembly.GetExportedTypes())
            {
                if (!type.IsAbstract && type.GetCustomAttribute<CmdletAttribute>(inherit: false) is { } cmdlet && !NeedsPowerShell(type))
                {
                    names.Add($"{cmdlet.VerbName}-{cmdlet.NounName}");
                }
            }

            names.Sort(StringComparer.OrdinalIgnoreCase);
            return names;
        }
    }

    /// <summary>The cmdlet of a name, with the module's name before it or without.</summary>
    /// <exception cref="RefusedException">There is none, or only PowerShell can run it.</exception>
    internal static CmdletDescription Find(string name)
    {
        const string module = "PsIpc\\";
        string bare = name.StartsWith(module, StringComparison.OrdinalIgnoreCase) ? name[module.Length..] : name;
        if (Known.TryGetValue(bare, out CmdletDescription? description))
        {
            return description;
        }

        Type type = FindType(bare) ?? throw new RefusedException(
            $"'{name}' is not a PsIpc cmdlet. 'psipc help' lists them; everything else needs pwsh.");
        if (NeedsPowerShell(type))
        {
            throw new RefusedException(
                $"{bare} needs PowerShell's event manager, which psipc has not. Run it in pwsh, or wait in a loop: {LoopInsteadOf(type)} -Continuous.");
        }

        return Known[bare] = Describe(type);
    }

    /// <summary>Refuses what a cmdlet can do in PowerShell alone, before it has begun.</summary>
    /// <exception cref="RefusedException">It was asked for.</exception>
    internal static void RefuseUnsupported(CmdletDescription command, IReadOnlyDictionary<string, object?> bound)
    {
        if (bound.TryGetValue("AsObject", out object? asObject) && asObject is SwitchParameter { IsPresent: true })
        {
            throw new RefusedException($"{command.Info.Name} -AsObject needs PowerShell's CLIXML. Send text or bytes, or run it in pwsh.");
        }

        if (bound.TryGetValue("As", out object? form) && form is MessageForm.Object)
        {
            throw new RefusedException($"{command.Info.Name} -As Object needs PowerShell's CLIXML. Say -As Text or -As Bytes, or run it in pwsh.");
        }
    }

    private static string LoopInsteadOf(Type type) => type == typeof(RegisterSignalEventCommand) ? "Wait-Signal SIGNAL" : "Receive-PosixMessage NAME";

    private static bool NeedsPowerShell(Type type) => type.IsSubclassOf(typeof(ObjectEventRegistrationBase));

    // File, class and cmdlet have one name: no list is needed, and none can be out of date.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "PsIpc.dll is kept whole.")]
    private static Type? FindType(string name)
    {
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || dash == name.Length - 1)
        {
            return null;
        }

        Assembly cmdlets = typeof(IpcObject).Assembly;
        string className = name.Remove(dash, 1) + Suffix;

        // What is called most is found without the runtime's search by name, which takes several milliseconds.
        Type? type = Frequent(className) ?? cmdlets.GetType(Namespace + className, throwOnError: false, ignoreCase: true);
        return type is { IsAbstract: false } && type.GetCustomAttribute<CmdletAttribute>(inherit: false) is { } cmdlet
            && name.Equals($"{cmdlet.VerbName}-{cmdlet.NounName}", StringComparison.OrdinalIgnoreCase)
                ? type
                : null;
    }

    private static Type? Frequent(string className) => className switch
    {
        nameof(GetIpcObjectCommand) => typeof(GetIpcObjectCommand),
        nameof(NewSysVMessageQueueCommand) => typeof(NewSysVMessageQueueCommand),
        nameof(NewPosixMessageQueueCommand) => typeof(NewPosixMessageQueueCommand),
        nameof(ReceiveSysVMessageCommand) => typeof(ReceiveSysVMessageCommand),
        nameof(ReceivePosixMessageCommand) => typeof(ReceivePosixMessageCommand),
        nameof(SendSysVMessageCommand) => typeof(SendSysVMessageCommand),
        nameof(SendPosixMessageCommand) => typeof(SendPosixMessageCommand),
        nameof(RemoveIpcObjectCommand) => typeof(RemoveIpcObjectCommand),
        nameof(TestIpcObjectCommand) => typeof(TestIpcObjectCommand),
        _ => null,
    };

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "PsIpc.dll is kept whole.")]
    private static CmdletDescription Describe(Type type) => CmdletDescription.Of(type);
}
