using System.Globalization;

namespace DeepNet.RandomPrograms;

/// <summary>Many programs one after the other.</summary>
internal static class Campaign
{
    /// <summary>Runs programs with all checks, or, compiled, against themselves as they are.</summary>
    public static Report Run(Catalog catalog, int seed, int from, int count, Action<string> write, bool isCompiled = false)
    {
        var generator = new ProgramGenerator(catalog, seed);
        var report = new Report();
        Check check = isCompiled ? CompiledCheck.Of : ProgramCheck.Of;
        for (int number = from; number < from + count; number++)
        {
            var program = generator.Draw(number);
            report.Note(program);
            var failure = check(program, out bool isJudged);
            if (!isJudged) report.Unjudged++;
            if (failure is null) continue;
            var (smallest, found) = Shrinker.Shrink(program, failure, check);
            string text = $"Seed {seed}, program {number}, of {program.Steps.Count} statements: {failure}\nShrunk: {found}\n{smallest}\n";
            report.Failures.Add(text);
            write(text);
        }
        return report;
    }

    /// <summary>A check of one program; false where it says nothing of it.</summary>
    internal delegate Failure? Check(RandomProgram program, out bool isJudged);

    internal sealed class Report
    {
        public int Programs { get; private set; }

        /// <summary>Programs for which finite differences did not converge; compiled, those that cannot be recorded.</summary>
        public int Unjudged { get; set; }

        /// <summary>Programs that were drawn without regard to kinks, for their bits only.</summary>
        public int BitsOnly { get; private set; }

        public int Statements { get; private set; }

        public List<string> Failures { get; } = [];

        public Dictionary<string, int> Uses { get; } = [];

        public void Note(RandomProgram program)
        {
            Programs++;
            if (!program.IsSmooth) BitsOnly++;
            foreach (var step in program.Steps.SelectMany(s => s is Block b ? b.Body : [s]).OfType<Call>())
            {
                Statements++;
                Uses[step.Operation.Name] = Uses.GetValueOrDefault(step.Operation.Name) + 1;
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Programs} programs of {Statements} calls of {Uses.Count} operators: {Failures.Count} failed; "
            + $"{BitsOnly} were run for their bits only, {Unjudged} have no differences to judge by.");
    }
}
