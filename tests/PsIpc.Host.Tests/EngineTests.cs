using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Host.Engine;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Binding, streams, ShouldProcess and ends of pipelines, over cmdlets of the tests' own.</summary>
public sealed class EngineTests
{
    private static CommandArgument Value(object? value) => CommandArgument.ForValue(value);

    private static CommandArgument Name(string name) => CommandArgument.ForName(name, "-" + name);

    private static CommandArgument Named(string name, object? value) => CommandArgument.ForNamedValue(name, value);

    private static Session Show(params CommandArgument[] arguments) => Session.Run<ShowBindingCommand>(null, arguments);

    private static object? BoundTo(Session session, string name) =>
        session.Output.OfType<KeyValuePair<string, object?>>().Single(one => one.Key == name).Value;

    [Fact]
    public void Without_arguments_the_default_set_is_chosen() => Assert.Equal(["Text"], Show().Output);

    [Fact]
    public void A_position_goes_to_the_default_set_and_becomes_an_array()
    {
        Session session = Show(Value("a"));
        Assert.Equal("Text", session.Output[0]);
        Assert.Equal(new[] { "a" }, BoundTo(session, "Text"));
    }

    [Fact]
    public void A_value_that_fits_another_set_without_conversion_goes_there()
    {
        Session session = Show(Value(new Uri("http://x/")));
        Assert.Equal("Uri", session.Output[0]);
    }

    [Theory]
    [InlineData("Text", "x")]
    [InlineData("text", "x")]
    [InlineData("Tex", "x")]
    [InlineData("Words", "x")]
    [InlineData("Wor", "x")]
    public void Names_match_by_their_beginning_and_by_aliases(string name, string value) =>
        Assert.Equal(new[] { value }, BoundTo(Show(Name(name), Value(value)), "Text"));

    [Fact]
    public void An_own_parameter_goes_before_common_ones() =>
        Assert.Equal("a", BoundTo(Show(Name("P"), Value("a")), "Pattern")); // -PipelineVariable and -ProgressAction begin so, too

    [Fact]
    public void A_beginning_that_two_own_parameters_have_is_ambiguous() =>
        Assert.Equal("AmbiguousParameter,PsIpc.Host.Tests.ShowBindingCommand", Show(Name("A"), Value("a")).ErrorId);

    [Theory]
    [InlineData("Number", "5", 5)]
    [InlineData("Number", "0x5", 5)]
    [InlineData("Number", 4.5, 4)]
    [InlineData("Number", 5.5, 6)]
    [InlineData("Number", " 7 ", 7)]
    [InlineData("Number", true, 1)]
    [InlineData("Day", "monday", DayOfWeek.Monday)]
    [InlineData("Day", "wed", DayOfWeek.Wednesday)]
    [InlineData("Day", 2, DayOfWeek.Tuesday)]
    [InlineData("Real", "1e3", 1000.0)]
    [InlineData("Flag", 0, false)]
    [InlineData("Flag", 2.5, true)]
    [InlineData("Colour", "RED", "RED")]
    [InlineData("Length", 12, "12")]
    public void Values_are_converted_to_the_type_of_the_parameter(string parameter, object value, object expected) =>
        Assert.Equal(expected, BoundTo(Show(Named(parameter, value)), parameter));

    [Theory]
    [InlineData("Number", "abc", "CannotConvertArgumentNoMessage", ErrorCategory.InvalidArgument)]
    [InlineData("Number", "", "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Number", 0, "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Number", 11, "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Number", 99999999999L, "CannotConvertArgumentNoMessage", ErrorCategory.InvalidArgument)]
    [InlineData("Number", new[] { 1, 2 }, "CannotConvertArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Day", "T", "CannotConvertArgumentNoMessage", ErrorCategory.InvalidArgument)]
    [InlineData("Day", 99, "CannotConvertArgumentNoMessage", ErrorCategory.InvalidArgument)]
    [InlineData("Flag", "true", "CannotConvertArgument", ErrorCategory.InvalidArgument)]
    [InlineData("Colour", "blue", "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Pattern", "b", "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Length", "a", "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Several", new[] { 1, 2, 3 }, "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    [InlineData("Address", null, "ParameterArgumentValidationErrorNullNotAllowed", ErrorCategory.InvalidData)]
    public void What_does_not_fit_is_refused_under_PowerShells_names(string parameter, object? value, string errorId, ErrorCategory category)
    {
        Session session = Show(Named(parameter, value));
        ErrorRecord error = Assert.Single(session.Errors);
        Assert.Equal($"{errorId},PsIpc.Host.Tests.ShowBindingCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(PipelineResult.Failed, session.Result);
        Assert.Empty(session.Output);
    }

    [Fact]
    public void An_object_parameter_gets_a_number_with_its_text()
    {
        object value = NumberLiteral.WithText(16, "0x10");
        Assert.Equal("0x10", LanguagePrimitives.TryConvertTo(BoundTo(Show(Named("Anything", value)), "Anything"), out string? text) ? text : null);
        Assert.Same(value, BoundTo(Show(Named("Anything", value)), "Anything"));
    }

    [Theory]
    [InlineData("OutVariable")]
    [InlineData("ov")]
    [InlineData("PipelineVariable")]
    [InlineData("ErrorVariable")]
    [InlineData("OutBuffer")]
    public void Parameters_that_need_variables_are_refused_by_name(string name) =>
        Assert.Contains("pwsh", Assert.Throws<RefusedException>(() => Show(Name(name), Value("1"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_shell_word_is_split_at_commas_for_numbers_and_not_for_texts()
    {
        Assert.Equal(new[] { 1, 2 }, BoundTo(Show(CommandArgument.ForNamedValue("Several", "1,2", isShellWord: true)), "Several"));
        Assert.Equal(new[] { "a,b" }, BoundTo(Show(CommandArgument.ForNamedValue("Text", "a,b", isShellWord: true)), "Text"));
    }

    [Fact]
    public void The_steps_come_in_order_and_the_cmdlet_is_disposed()
    {
        TestProcessCommand.Calls.Clear();
        Session session = Session.Run<TestProcessCommand>(["a", "b"], Named("Confirm", false));
        Assert.Equal(["a", "b"], session.Output);
        Assert.Equal(["begin", "end", "dispose"], TestProcessCommand.Calls);
    }

    [Theory]
    [InlineData("throw", "System.InvalidCastException,PsIpc.Host.Tests.TestProcessCommand")]
    [InlineData("terminate", "Ended,PsIpc.Host.Tests.TestProcessCommand")]
    public void A_terminating_error_ends_the_pipeline_and_frees_the_cmdlet(string how, string errorId)
    {
        TestProcessCommand.Calls.Clear();
        Session session = Session.Run<TestProcessCommand>(["a", "b"], Named("Fail", how));
        Assert.Equal(errorId, session.ErrorId);
        Assert.Equal(PipelineResult.Failed, session.Result);
        Assert.Equal(["begin", "dispose"], TestProcessCommand.Calls);
    }

    [Theory]
    [InlineData(null, 1, PipelineResult.CompletedWithErrors)]
    [InlineData("Continue", 1, PipelineResult.CompletedWithErrors)]
    [InlineData("SilentlyContinue", 0, PipelineResult.CompletedWithErrors)]
    [InlineData("Ignore", 0, PipelineResult.Completed)]
    [InlineData("Stop", 1, PipelineResult.FailedForGood)]
    public void ErrorAction_says_what_becomes_of_an_error(string? action, int shown, PipelineResult result)
    {
        List<CommandArgument> arguments = [Named("Fail", "write"), Named("Confirm", false)];
        if (action is not null)
        {
            arguments.Add(Named("ErrorAction", action));
        }

        Session session = Session.Run<TestProcessCommand>(["a"], [.. arguments]);
        Assert.Equal(shown, session.Errors.Count);
        Assert.Equal(result, session.Result);
    }

    [Fact]
    public void Streams_are_shown_as_their_preferences_say()
    {
        Session quiet = Session.Run<TestProcessCommand>(["a"], Named("Fail", "write"), Named("Confirm", false), Named("WarningAction", "SilentlyContinue"));
        Assert.Empty(quiet.Lines);
        Session loud = Session.Run<TestProcessCommand>(
            ["a"], Named("Fail", "write"), Named("Confirm", false), Name("Verbose"), Name("Debug"), Named("InformationAction", "Continue"));
        Assert.Equal(
            [TextStream.Warning, TextStream.Verbose, TextStream.Debug, TextStream.Information, TextStream.Verbose],
            loud.Lines.Select(one => one.Stream));
    }

    [Fact]
    public void WhatIf_does_nothing_and_says_what_it_would_do()
    {
        Session session = Session.Run<TestProcessCommand>(["a"], Name("WhatIf"));
        Assert.Empty(session.Output);
        Assert.Equal([(TextStream.WhatIf, "Performing the operation \"Test-Process\" on target \"a\".")], session.Lines);
    }

    [Fact]
    public void High_impact_is_asked_about_and_answers_for_all_hold()
    {
        Session session = new();
        session.Answers.Enqueue(Answer.No);
        session.Answers.Enqueue(Answer.YesToAll);
        session.Run([new PipelineCommand(Session.Describe<TestProcessCommand>(), [])], ["a", "b", "c"]);
        Assert.Equal(["b", "c"], session.Output);
        Assert.Equal(2, session.Questions.Count);
    }

    [Fact]
    public void Where_nobody_can_be_asked_the_pipeline_fails()
    {
        Session session = Session.Run<TestProcessCommand>(["a"]);
        Assert.Equal(PipelineResult.Failed, session.Result);
        Assert.Equal(ErrorCategory.InvalidOperation, Assert.Single(session.Errors).CategoryInfo.Category);
    }

    [Fact]
    public void ShouldContinue_remembers_no_to_all()
    {
        Session session = new();
        session.Answers.Enqueue(Answer.Yes);
        session.Answers.Enqueue(Answer.NoToAll);
        session.Run([new PipelineCommand(Session.Describe<TestQuestionCommand>(), [])], ["a", "b", "c"]);
        Assert.Equal([true, false, false], session.Output);
    }

    [Fact]
    public void Collections_are_taken_apart_only_when_asked()
    {
        Assert.Equal(3, Session.Run<TestOutputCommand>(null).Output.Count);
        Assert.Equal([1, 2, "text", null], Session.Run<TestOutputCommand>(null, Name("Enumerate")).Output);
    }

    [Fact]
    public void Input_that_fits_nowhere_is_an_error_for_each_object_and_stops_nothing()
    {
        Session session = Session.Run<TestOutputCommand>([1, 2]);
        Assert.All(session.Errors, error => Assert.Equal("InputObjectNotBound,PsIpc.Host.Tests.TestOutputCommand", error.FullyQualifiedErrorId));
        Assert.Equal(2, session.Errors.Count);
        Assert.Equal(PipelineResult.CompletedWithErrors, session.Result);
    }
}

/// <summary>Wildcards as PowerShell reads them.</summary>
public sealed class WildcardTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*", "abc", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbcd", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[]]", "]", true)]
    [InlineData("a`*", "a*", true)]
    [InlineData("a`*", "ab", false)]
    [InlineData("A*", "abc", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("abc", "abc", true)]
    public void Patterns_match(string pattern, string text, bool matches) => Assert.Equal(matches, new WildcardPattern(pattern).IsMatch(text));

    [Fact]
    public void Case_is_ignored_when_asked() => Assert.True(new WildcardPattern("A[B-C]*", WildcardOptions.IgnoreCase).IsMatch("abx"));

    [Fact]
    public void An_open_bracket_is_no_pattern() => Assert.Throws<WildcardPatternException>(() => new WildcardPattern("a[b").IsMatch("zzz"));

    [Fact]
    public void Many_stars_cost_no_more_than_a_few() =>
        Assert.False(new WildcardPattern(string.Concat(Enumerable.Repeat("*a", 200)) + "b").IsMatch(new string('a', 2000)));

    [Theory]
    [InlineData("a*", true)]
    [InlineData("a`*", false)]
    [InlineData("a[b]", true)]
    [InlineData("a]", true)]
    [InlineData("abc", false)]
    public void Wildcards_are_seen(string text, bool has) => Assert.Equal(has, WildcardPattern.ContainsWildcardCharacters(text));

    [Theory]
    [InlineData("a`t*?[x]{y}", "a``t`*`?`[x`]{y}")] // PowerShell 7.6.5
    [InlineData("", "")]
    public void Text_is_escaped_as_PowerShell_does(string text, string pattern)
    {
        Assert.Equal(pattern, System.Management.Automation.WildcardPattern.Escape(text));
        Assert.True(new System.Management.Automation.WildcardPattern(pattern).IsMatch(text));
        Assert.Equal(text, System.Management.Automation.WildcardPattern.Unescape(pattern));
    }
}
