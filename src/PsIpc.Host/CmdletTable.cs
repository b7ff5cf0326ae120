using System;
using System.Collections.Generic;
using System.Management.Automation;
using PsIpc.Host.Engine;

namespace PsIpc.Host;

/// <summary>Finds the cmdlets of PsIpc.dll by their names.</summary>
internal static class CmdletTable
{
    private static readonly Dictionary<string, CmdletDescription> Known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all cmdlets, sorted; those that need PowerShell are left out.</summary>
    internal static IReadOnlyList<string> Names => CmdletCatalog.Names;

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

        if (CmdletCatalog.NeedsPowerShell(bare))
        {
            throw new RefusedException(
                $"{bare} needs PowerShell's event manager, which psipc has not. Run it in pwsh, or wait in a loop: {LoopInsteadOf(bare)} -Continuous.");
        }

        return Known[bare] = CmdletCatalog.Find(bare) ?? throw new RefusedException(
            $"'{name}' is not a PsIpc cmdlet.{Suggestion.For(bare, Names)} 'psipc help' lists them; everything else needs pwsh.");
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

    private static string LoopInsteadOf(string name) =>
        name.Equals("Register-SignalEvent", StringComparison.OrdinalIgnoreCase) ? "Wait-Signal SIGNAL" : "Receive-PosixMessage NAME";
}
