using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using PsIpc.Host.Engine;
using PsIpc.Host.Parsing;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Runs lines in this process, and remembers what comes out.</summary>
internal sealed class Session : IEngineHost
{
    private Pipeline? _current;

    internal List<object?> Output { get; } = [];

    internal List<ErrorRecord> Errors { get; } = [];

    internal List<(TextStream Stream, string Text)> Lines { get; } = [];

    internal Queue<Answer> Answers { get; } = [];

    internal List<string> Questions { get; } = [];

    internal PipelineResult Result { get; private set; }

    internal ManualResetEventSlim Began { get; } = new();

    internal string? ErrorId => Errors.SingleOrDefault()?.FullyQualifiedErrorId;

    /// <summary>Runs a text as psipc does.</summary>
    internal static Session Run(string text, IEnumerable<object?>? input = null)
    {
        Session session = new();
        session.Execute(text, input);
        return session;
    }

    internal void Execute(string text, IEnumerable<object?>? input = null)
    {
        List<PipelineSyntax> script = Parser.Parse(text);
        List<PipelineCommand[]> pipelines = script.ConvertAll(syntax =>
            syntax.Commands.Select(one => new PipelineCommand(CmdletTable.Find(one.Name), one.Arguments)).ToArray());
        for (int i = 0; i < script.Count; i++)
        {
            if (pipelines[i].Length == 0)
            {
                Output.AddRange(script[i].Values ?? []);
                continue;
            }

            Run(pipelines[i], script[i].ReadsInput ? input ?? [] : script[i].Values);
            if (Result == PipelineResult.FailedForGood)
            {
                break;
            }
        }
    }

    /// <summary>Runs one cmdlet of any class.</summary>
    internal static Session Run<T>(IEnumerable<object?>? input, params CommandArgument[] arguments)
        where T : Cmdlet
    {
        Session session = new();
        session.Run([new PipelineCommand(Describe<T>(), arguments)], input);
        return session;
    }

    /// <summary>A cmdlet of any class.</summary>
    internal static CmdletDescription Describe<T>()
        where T : Cmdlet
    {
        CmdletAttribute cmdlet = typeof(T).GetCustomAttribute<CmdletAttribute>()!;
        return CmdletCatalog.Find($"{cmdlet.VerbName}-{cmdlet.NounName}")!;
    }

    internal void Run(IEnumerable<PipelineCommand> commands, IEnumerable<object?>? input)
    {
        _current = new Pipeline([.. commands], this) { Bound = CmdletTable.RefuseUnsupported };
        Began.Set();
        Result = _current.Run(input);
    }

    internal void Stop() => _current!.Stop();

    /// <summary>Stops a line again and again, each time a little longer after it has begun: it comes back, and has nothing to say.</summary>
    /// <param name="line">The line; {i} in it is a number that differs each time.</param>
    internal static async Task AssertStops(string line)
    {
        const int times = 20;
        for (int i = 0; i < times; i++)
        {
            string text = line.Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            Session session = new();
            Task run = Task.Factory.StartNew(() => session.Execute(text), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            session.Began.Wait(TestContext.Current.CancellationToken);
            Thread.Sleep(i * 2);
            session.Stop();
            await run.WaitAsync(StartedProgram.Patience, TestContext.Current.CancellationToken);
            Assert.Equal(PipelineResult.Stopped, session.Result);
            Assert.Empty(session.Output);
            Assert.Empty(session.Errors);
        }
    }

    void IEngineHost.WriteOutput(object? value) => Output.Add(value);

    void IEngineHost.WriteError(ErrorRecord error) => Errors.Add(error);

    void IEngineHost.WriteLine(TextStream stream, string text) => Lines.Add((stream, text));

    void IEngineHost.WriteProgress(ProgressRecord progress)
    {
    }

    Answer IEngineHost.Ask(string caption, string question, bool offersAll)
    {
        Questions.Add(question);
        return Answers.TryDequeue(out Answer answer) ? answer : throw new PSInvalidOperationException("Nobody can be asked.");
    }
}
