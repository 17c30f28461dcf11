using System.Text;
using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Training;

/// <summary>
/// Measures each parameter, its gradient and its change every few steps: where gradients vanish or explode, which layers learn, and whether
/// the learning rate suits them.
/// </summary>
/// <param name="every">After how many steps to measure. A measurement costs about as much as a step of the optimizer.</param>
public sealed class ParameterMonitor(int every = 100) : Callback
{
    private const int Columns = 6;          // of a record in a checkpoint, without the name

    private readonly int every = every > 0 ? every : throw new ArgumentOutOfRangeException(nameof(every));
    private readonly List<ParameterStatistic> records = [];
    private readonly List<(string Name, Parameter Parameter, Tensor Before, ParameterStatistic Record)> measured = [];

    /// <summary>All measurements, in order.</summary>
    public IReadOnlyList<ParameterStatistic> Records => records;

    /// <inheritdoc/>
    protected internal override bool IsForMain => true;

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        measured.Clear();
        if (trainer.Step == 0) records.Clear();
    }

    /// <inheritdoc/>
    protected internal override void OnGradients(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        long step = trainer.Step + 1;
        if (step % every != 0) return;
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, parameter) in trainer.Model.NamedParameters())
        {
            if (parameter.PeekValues() is not { } gradient) continue;
            var record = new ParameterStatistic(step, name, Norm(parameter.Value), Norm(gradient), Number(gradient.Abs().Max()),
                Number(gradient.Equal(0).To(DType.Float64).Mean()), double.NaN);
            measured.Add((name, parameter, Memory.Keep(parameter.Value.CopyDense()), record));
        }
    }

    /// <inheritdoc/>
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        if (measured.Count == 0) return;
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, parameter, before, record) in measured)
        {
            records.Add(record with { UpdateNorm = Norm(parameter.Value - before) });
            before.Dispose();
        }
        measured.Clear();
    }

    /// <summary>Writes all measurements as a CSV file.</summary>
    public void SaveCsv(string path)
    {
        var text = new StringBuilder("step,name,weight_norm,gradient_norm,gradient_max,zero_share,update_norm\n");
        foreach (var r in records)
        {
            text.Append(
                FormattableString.Invariant(
                    $"{r.Step},{CsvText.Quote(r.Name)},{CsvText.Number(r.WeightNorm)},{CsvText.Number(r.GradientNorm)},"))
                .Append(
                FormattableString.Invariant(
                    $"{CsvText.Number(r.GradientMax)},{CsvText.Number(r.ZeroShare)},{CsvText.Number(r.UpdateNorm)}\n"));
        }
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <inheritdoc/>
    protected internal override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double[] values = [.. records.SelectMany(
            r => new[] { r.Step, r.WeightNorm, r.GradientNorm, r.GradientMax, r.ZeroShare, r.UpdateNorm })];
        state.Put("names", string.Join('\n', records.Select(r => r.Name)));
        state.Put("values", Tensor.From<double>(values, new Shape(records.Count, Columns)));
    }

    /// <inheritdoc/>
    protected internal override void Load(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Tensors.TryGetValue("values", out var values)
            || values.DType != DType.Float64 || values.Rank != 2 || values.Shape[1] != Columns
            || state.Text("names") is not { } text)
            throw new InvalidDataException($"its records are not names and {Columns} columns of float64");
        double[] v = values.ToArray<double>();
        string[] names = text.Split('\n');
        if (v.Length > 0 && names.Length != values.Shape[0])
            throw new InvalidDataException($"it has {names.Length} names and {values.Shape[0]} records");
        records.Clear();
        for (int i = 0, at = 0; at < v.Length; i++, at += Columns)
            records.Add(new((long)v[at], names[i], v[at + 1], v[at + 2], v[at + 3], v[at + 4], v[at + 5]));
    }

    private static double Norm(Tensor tensor) => Number(tensor.Detach().Norm());

    private static double Number(Tensor tensor) => tensor.To(DType.Float64).Item<double>();
}
