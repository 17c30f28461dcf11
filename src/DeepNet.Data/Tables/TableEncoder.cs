using DeepNet.Data.Tables;
using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>
/// Makes tensors of tables. What it needs to know (means, medians, categories) it learns from one table, the training part, and applies
/// to any other: so nothing of the held-out part leaks into the training.
/// </summary>
public sealed partial class TableEncoder
{
    private readonly TableEncoding encoding;
    private readonly Feature[] features;
    private readonly Feature? target;

    private TableEncoder(TableEncoding encoding, Feature[] features, Feature? target)
    {
        (this.encoding, this.features, this.target) = (encoding, features, target);
        FeatureNames = [.. features.SelectMany(feature => feature.Names)];
    }

    /// <summary>Gets the names of the features, along the last axis of x: <c>age</c>, <c>colour=red</c>….</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Gets the names of the classes of the target; empty if it is a number, or there is none.</summary>
    public IReadOnlyList<string> Classes => target is { IsNumber: false } ? target.Categories : [];

    /// <summary>Learns from a table, which should be the training part only.</summary>
    /// <exception cref="ArgumentException">The target is not there, or a column has nothing to learn from.</exception>
    public static TableEncoder Fit(Table train, TableEncoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        encoding ??= new TableEncoding();
        var target = encoding.Target is { } name ? train.Column(name) : null;
        if (target?.Kind == ColumnKind.Ignore)
            throw new ArgumentException(
                $"[table] column '{TableColumn.Short(target.Name)}' is the target, and to be ignored. It cannot be both.");
        train = encoding.Missing == MissingRule.DropRow ? Complete(train, target) : train;
        var features = train.Columns.Where(column => column != target && column.Kind != ColumnKind.Ignore)
            .Select(column => new Feature(train, column, encoding, isTarget: false)).ToArray();
        return new TableEncoder(encoding, features, target is null ? null : new Feature(train, target, encoding, isTarget: true));
    }

    /// <summary>
    /// x float32 (rows, features); y is float32 (rows, 1) for a target of numbers and int64 (rows,) for classes, and x itself if there is
    /// no target.
    /// </summary>
    /// <exception cref="DataFormatException">A cell has no value, or an unknown category; the message says in which line and
    /// column.</exception>
    public TensorDataset Encode(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var yColumn = target is null ? null : table.Column(target.Name);
        if (encoding.Missing == MissingRule.DropRow) table = Complete(table, yColumn);
        var columns = Array.ConvertAll(features, feature => Same(table, feature));
        int width = FeatureNames.Count;
        if ((long)table.Count * width > Array.MaxLength)
            throw new ArgumentException(
                $"[table] {table.Count} rows of {width} features are more than can be held at once. CategoryCode.Ordinal makes one "
                    + "feature of a column.");
        var x = new float[table.Count * width];
        for (int i = 0; i < table.Count; i++)
        {
            var row = x.AsSpan(i * width, width);
            for (int f = 0; f < features.Length; f++)
            {
                features[f].Write(table, columns[f], table.RowIndices[i], row);
                row = row[features[f].Width..];
            }
        }
        var inputs = Tensor.From<float>(x, new Shape(table.Count, width));
        return target is null ? new TensorDataset(inputs) : new TensorDataset(inputs, Targets(table, Same(table, target)));
    }

    /// <summary>Predictions in the units of the file, if <see cref="TableEncoding.StandardizeTarget"/> changed them.</summary>
    public Tensor UndoTarget(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return target is { IsNumber: true } ? y * target.Std + target.Mean
            : throw new InvalidOperationException(
                "[table] the target is not a number: there are no units to go back to. Classes names the classes.");
    }

    private Tensor Targets(Table table, TableColumn column)
    {
        var rows = table.RowIndices;
        if (target!.IsNumber)
        {
            var y = new float[rows.Length];
            for (int i = 0; i < y.Length; i++) y[i] = target.Number(table, column, rows[i]);
            return Tensor.From<float>(y, new Shape(y.Length, 1));
        }
        var labels = new long[rows.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = target.Code(table, column, rows[i], unknownIsError: true);
        return Tensor.From<long>(labels);
    }

    private static TableColumn Same(Table table, Feature feature)
    {
        var column = table.Column(feature.Name);
        if ((column.Kind == ColumnKind.Number) == feature.IsNumber) return column;
        throw new ArgumentException(
            $"[table] column '{TableColumn.Short(feature.Name)}' of {table.Path} is {column.Kind}, and was "
                + $"{(feature.IsNumber ? ColumnKind.Number : ColumnKind.Category)} at fitting. Say what it is when reading: Kinds.");
    }

    private static Table Complete(Table table, TableColumn? target)
    {
        var kept = new List<int>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            int row = table.RowIndices[i];
            if (!table.Columns.Any(column => (column.Kind != ColumnKind.Ignore || column == target) && Feature.IsMissing(column, row)))
                kept.Add(i);
        }
        return table.Rows([.. kept]);
    }

    /// <inheritdoc/>
    public override string ToString()
        => Printable.Line($"TableEncoder({string.Join(", ", FeatureNames)}{(target is null ? "" : $" → {target.Name}")})");
}
