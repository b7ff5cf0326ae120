using System;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using PsIpc.Errors;
using PsIpc.Native.Posix;
using PsIpc.Native.Signals;

namespace PsIpc.Runtime;

/// <summary>What happens when the module is imported and removed.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Refuses to be imported where its system calls do not exist.</summary>
    public void OnImport()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            throw new PlatformNotSupportedException(Sentences.Format("NotLinux"));
        }
    }

    /// <summary>Takes back the subscriptions that Remove-Module leaves, and frees what the runspace holds.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        foreach (PSEventSubscriber subscriber in shell.AddCommand("Get-EventSubscriber").AddParameter("Force").Invoke<PSEventSubscriber>()
            .Where(one => one.SourceObject is PosixQueueListener or SignalListener))
        {
            shell.Commands.Clear();
            shell.AddCommand("Unregister-Event").AddParameter("SubscriptionId", subscriber.SubscriptionId).AddParameter("Force").Invoke();
        }

        RunspaceResources.ReleaseAll();
    }
}
