using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Management.Automation.Language;

// What PsIpc.dll refers to and only PowerShell can do. The types are here so that the assembly loads; whoever gets as
// far as using one is told so by name.
namespace System.Management.Automation
{
    /// <summary>Makes CLIXML of objects, and objects of CLIXML.</summary>
    public static class PSSerializer
    {
        private const string Refusal =
            "CLIXML needs PowerShell: send text or bytes instead, or run this in pwsh.";

        /// <summary>Refused.</summary>
        /// <param name="source">The object.</param>
        /// <param name="depth">How deep.</param>
        public static string Serialize(object? source, int depth) => throw new PSNotSupportedException(Refusal);

        /// <summary>Refused.</summary>
        /// <param name="source">CLIXML.</param>
        public static object Deserialize(string source) => throw new PSNotSupportedException(Refusal);
    }

    /// <summary>Completes an argument while it is typed.</summary>
    public interface IArgumentCompleter
    {
        /// <summary>What can stand here.</summary>
        /// <param name="commandName">The command.</param>
        /// <param name="parameterName">The parameter.</param>
        /// <param name="wordToComplete">What is typed already.</param>
        /// <param name="commandAst">The line.</param>
        /// <param name="fakeBoundParameters">Its other parameters.</param>
        IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters);
    }

    /// <summary>One completion.</summary>
    /// <param name="completionText">What is put in.</param>
    /// <param name="listItemText">What a list shows.</param>
    /// <param name="resultType">What it stands for.</param>
    /// <param name="toolTip">What is said of it.</param>
    public sealed class CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
    {
        /// <summary>What is put in.</summary>
        public string CompletionText { get; } = completionText;

        /// <summary>What a list shows.</summary>
        public string ListItemText { get; } = listItemText;

        /// <summary>What it stands for.</summary>
        public CompletionResultType ResultType { get; } = resultType;

        /// <summary>What is said of it.</summary>
        public string ToolTip { get; } = toolTip;
    }

    /// <summary>Runs something when the module is imported.</summary>
    public interface IModuleAssemblyInitializer
    {
        /// <summary>The module is imported.</summary>
        void OnImport();
    }

    /// <summary>Runs something when the module is removed.</summary>
    public interface IModuleAssemblyCleanup
    {
        /// <summary>The module is removed.</summary>
        /// <param name="psModuleInfo">The module.</param>
        void OnRemove(PSModuleInfo psModuleInfo);
    }

    /// <summary>A module.</summary>
    public sealed class PSModuleInfo
    {
        private PSModuleInfo()
        {
        }
    }

    /// <summary>PowerShell's events.</summary>
    public abstract class PSEventManager
    {
        private protected PSEventManager()
        {
        }

        /// <summary>The subscribers of a source.</summary>
        /// <param name="source">Its name.</param>
        public abstract IEnumerable<PSEventSubscriber> GetEventSubscribers(string source);
    }

    /// <summary>Who waits for an event.</summary>
    public sealed class PSEventSubscriber
    {
        private PSEventSubscriber()
        {
        }

        /// <summary>Raised when nobody waits any more; never here.</summary>
        public event PSEventUnsubscribedEventHandler? Unsubscribed
        {
            add { }
            remove { }
        }

        /// <summary>Its number.</summary>
        public int SubscriptionId => 0;

        /// <summary>Who raises the event.</summary>
        public object? SourceObject => null;
    }

    /// <summary>Told when a subscription ends.</summary>
    /// <param name="sender">Who ends it.</param>
    /// <param name="e">Which.</param>
    public delegate void PSEventUnsubscribedEventHandler(object sender, PSEventUnsubscribedEventArgs e);

    /// <summary>Which subscription ends.</summary>
    public sealed class PSEventUnsubscribedEventArgs : EventArgs
    {
        internal PSEventUnsubscribedEventArgs()
        {
        }
    }

    /// <summary>An event that was raised.</summary>
    public sealed class PSEventArgs : EventArgs
    {
        internal PSEventArgs()
        {
        }
    }

    /// <summary>What handles events in the background.</summary>
    public sealed class PSEventJob
    {
        private PSEventJob()
        {
        }
    }

    /// <summary>Where <see cref="PowerShell"/> would run.</summary>
    public enum RunspaceMode
    {
        /// <summary>In the caller's runspace.</summary>
        CurrentRunspace,

        /// <summary>In one of its own.</summary>
        NewRunspace,
    }

    /// <summary>Runs commands from code.</summary>
    public sealed class PowerShell : IDisposable
    {
        private PowerShell()
        {
        }

        /// <summary>The commands.</summary>
        public PSCommand Commands => throw Refused();

        /// <summary>Refused.</summary>
        /// <param name="runspace">Where.</param>
        public static PowerShell Create(RunspaceMode runspace) => throw Refused();

        /// <summary>Refused.</summary>
        /// <param name="cmdlet">The command.</param>
        public PowerShell AddCommand(string cmdlet) => throw Refused();

        /// <summary>Refused.</summary>
        /// <param name="parameterName">The parameter.</param>
        public PowerShell AddParameter(string parameterName) => throw Refused();

        /// <summary>Refused.</summary>
        /// <param name="parameterName">The parameter.</param>
        /// <param name="value">Its value.</param>
        public PowerShell AddParameter(string parameterName, object value) => throw Refused();

        /// <summary>Refused.</summary>
        public Collection<PSObject> Invoke() => throw Refused();

        /// <summary>Refused.</summary>
        /// <typeparam name="T">Of what.</typeparam>
        public Collection<T> Invoke<T>() => throw Refused();

        /// <inheritdoc/>
        public void Dispose()
        {
        }

        private static PSNotSupportedException Refused() => new("Running other commands needs PowerShell. Run this in pwsh.");
    }

    /// <summary>Commands to run.</summary>
    public sealed class PSCommand
    {
        private PSCommand()
        {
        }

        /// <summary>Forgets them.</summary>
        public void Clear()
        {
        }
    }
}

namespace System.Management.Automation.Language
{
    /// <summary>A command as it was read.</summary>
    public sealed class CommandAst
    {
        private CommandAst()
        {
        }
    }
}

namespace System.Management.Automation.Runspaces
{
    /// <summary>Where commands run.</summary>
    public sealed class Runspace
    {
        private static readonly Runspace Only = new();

        private Runspace()
        {
        }

        /// <summary>Raised when its state changes; it ends with the process.</summary>
        public event EventHandler<RunspaceStateEventArgs>? StateChanged
        {
            add { }
            remove { }
        }

        /// <summary>The one there is.</summary>
        public static Runspace DefaultRunspace => Only;
    }

    /// <summary>A change of a runspace's state.</summary>
    public sealed class RunspaceStateEventArgs : EventArgs
    {
        internal RunspaceStateEventArgs(RunspaceStateInfo info) => RunspaceStateInfo = info;

        /// <summary>The new state.</summary>
        public RunspaceStateInfo RunspaceStateInfo { get; }
    }

    /// <summary>A runspace's state.</summary>
    public sealed class RunspaceStateInfo
    {
        internal RunspaceStateInfo(RunspaceState state) => State = state;

        /// <summary>The state.</summary>
        public RunspaceState State { get; }
    }

    /// <summary>The states of a runspace.</summary>
    public enum RunspaceState
    {
        /// <summary>Not opened yet.</summary>
        BeforeOpen,

        /// <summary>Being opened.</summary>
        Opening,

        /// <summary>Open.</summary>
        Opened,

        /// <summary>Closed.</summary>
        Closed,

        /// <summary>Being closed.</summary>
        Closing,

        /// <summary>Broken.</summary>
        Broken,
    }
}

namespace Microsoft.PowerShell.Commands
{
    /// <summary>Base of the cmdlets that register PowerShell events, which psipc has not.</summary>
    public abstract class ObjectEventRegistrationBase : System.Management.Automation.PSCmdlet
    {
        /// <summary>The name of the events.</summary>
        public string SourceIdentifier { get; set; } = "";

        /// <summary>Who raises them.</summary>
        protected abstract object GetSourceObject();

        /// <summary>Their name in its class.</summary>
        protected abstract string GetSourceObjectEventName();

        /// <inheritdoc/>
        protected override void BeginProcessing() => throw new System.Management.Automation.PSNotSupportedException(
            "Events need PowerShell's event manager. Run this in pwsh, or receive in a loop: Receive-PosixMessage -Continuous, Wait-Signal -Continuous.");
    }
}
