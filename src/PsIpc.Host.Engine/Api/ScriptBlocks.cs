using System.Management.Automation.Runspaces;

// Script blocks, which only PowerShell has: the parser refuses them by name, so that no cmdlet ever gets one.
namespace System.Management.Automation
{
    /// <summary>A piece of script.</summary>
    public sealed class ScriptBlock
    {
        private ScriptBlock()
        {
        }
    }

    /// <summary>Runs scripts.</summary>
    public sealed class CommandInvocationIntrinsics
    {
        internal static readonly CommandInvocationIntrinsics Instance = new();

        private CommandInvocationIntrinsics()
        {
        }

        /// <summary>Refused.</summary>
        /// <param name="script">The script.</param>
        /// <param name="useNewScope">Whether in a scope of its own.</param>
        /// <param name="writeToPipeline">What of it goes into the pipeline.</param>
        /// <param name="input">Its input.</param>
        /// <param name="args">Its arguments.</param>
        public Collections.ObjectModel.Collection<PSObject> InvokeScript(
            string script, bool useNewScope, PipelineResultTypes writeToPipeline, Collections.IList? input, params object[] args) =>
            throw new PSNotSupportedException("Script blocks need PowerShell: run a program with -FilePath, or run this in pwsh.");
    }

    /// <summary>The variables of a session: here, the one that tells how a program ended.</summary>
    public sealed class PSVariableIntrinsics
    {
        private const string LastExitCode = "global:LASTEXITCODE";

        internal PSVariableIntrinsics()
        {
        }

        /// <summary>The value of a variable: there is none here.</summary>
        /// <param name="name">Its name.</param>
        public object? GetValue(string name) => null;

        /// <summary>Sets a variable.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="value">Its value.</param>
        public void Set(string name, object value)
        {
            if (name != LastExitCode)
            {
                throw new PSNotSupportedException("Variables need PowerShell. Run this in pwsh.");
            }

            PsIpc.Host.Engine.ProgramStatus.Last = (int)value;
        }
    }
}

namespace System.Management.Automation.Runspaces
{
    /// <summary>What of a nested pipeline goes where.</summary>
    [Flags]
    public enum PipelineResultTypes
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Its output.</summary>
        Output,

        /// <summary>Its errors.</summary>
        Error,
    }
}
