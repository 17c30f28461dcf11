using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Tests.IO;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Checkpoint checkpoint = new() { Model = new Linear(2, 2) };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_last_and_the_best_are_kept()
    {
        var files = new CheckpointFolder(folder["run"], keep: 2);
        Assert.False(files.TryLoadLatest(checkpoint));
        Assert.False(files.TryLoadBest(checkpoint));
        double?[] losses = [5, 2, double.NaN, 3, null, 2, 4];
        for (int i = 0; i < losses.Length; i++) Save(files, i + 1, losses[i]);
        Assert.Equal(
            ["checkpoint-000002-step-2", "checkpoint-000006-step-6", "checkpoint-000007-step-7"],
            files.Files.Select(Path.GetFileNameWithoutExtension));

        // Another process knows the same: the files say it all.
        var later = new CheckpointFolder(folder["run"], keep: 2);
        Assert.True(later.TryLoadBest(checkpoint));
        Assert.Equal(2, checkpoint.Step);
        Assert.True(later.TryLoadLatest(checkpoint));
        Assert.Equal(7, checkpoint.Step);
        Save(later, 8, 1);
        Assert.Equal([7L, 8], Steps(later));
    }

    [Fact]
    public void A_run_that_goes_back_to_an_earlier_step_goes_on_from_there()
    {
        var files = new CheckpointFolder(folder["run"], keep: 2, maximize: true);
        foreach (int step in new[] { 10, 20, 30 }) Save(files, step, step == 10 ? 0.9 : 0.5);
        files.TryLoadBest(checkpoint);
        Save(files, checkpoint.Step + 5, 0.6);
        Assert.Equal([10L, 30, 15], Steps(files));
        Assert.True(new CheckpointFolder(folder["run"]).TryLoadLatest(checkpoint));
        Assert.Equal(15, checkpoint.Step);
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        Directory.CreateDirectory(folder["run"]);
        string[] others = ["checkpoint-best.safetensors", "checkpoint-1-step-1.txt", "notes.safetensors"];
        foreach (string other in others) File.WriteAllText(Path.Combine(folder["run"], other), "mine");
        var files = new CheckpointFolder(folder["run"], keep: 1);
        for (int i = 0; i < 4; i++) Save(files, i, null);
        Assert.Single(files.Files);
        Assert.Null(files.Best);
        Assert.All(others, other => Assert.Equal("mine", File.ReadAllText(Path.Combine(folder["run"], other))));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_passed_over_and_reported()
    {
        var files = new CheckpointFolder(folder["run"], keep: 2);
        for (int step = 1; step <= 3; step++) Save(files, step, step);
        string cut = files.Latest!;
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^1]);

        var later = new CheckpointFolder(folder["run"], keep: 2);
        Assert.True(later.TryLoadLatest(checkpoint));
        Assert.Equal(2, checkpoint.Step);
        string warning = Assert.Single(later.Warnings);
        string start = $"[checkpoint] going on from {later.Files[^2]}, because what was saved later cannot be read: ";
        Assert.StartsWith(start, warning, StringComparison.Ordinal);
        Assert.Contains(cut, warning, StringComparison.Ordinal);

        // Nor does it keep later saves from clearing up.
        for (int step = 4; step <= 6; step++) Save(later, step, step);
        Assert.Equal([1L, 5, 6], Steps(later));
        Assert.Equal(later.Files[0], later.Best);
    }

    [Fact]
    public void Where_all_files_are_damaged_that_is_an_error_and_another_model_is_one_at_once()
    {
        var files = new CheckpointFolder(folder["run"]);
        for (int step = 1; step <= 2; step++) Save(files, step, null);
        Assert.Throws<ArgumentException>(() => files.TryLoadLatest(new Checkpoint { Model = new Linear(3, 3) }));
        Assert.Empty(files.Warnings);
        foreach (string file in files.Files) File.WriteAllBytes(file, [1, 2, 3]);
        string text = Assert.Throws<InvalidDataException>(() => files.TryLoadLatest(checkpoint)).Message;
        Assert.Contains(files.Latest!, text, StringComparison.Ordinal);
        Assert.Equal(2, checkpoint.Step);
    }

    [Fact]
    public void A_number_that_nobody_counted_up_to_is_that_of_another_file()
    {
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(Path.Combine(folder["run"], "checkpoint-9223372036854775807-step-1.safetensors"), "mine");
        var files = new CheckpointFolder(folder["run"], keep: 1);
        Save(files, 1, null);
        Save(files, 2, null);
        Assert.Equal("checkpoint-000002-step-2.safetensors", Path.GetFileName(Assert.Single(files.Files)));
    }

    private void Save(CheckpointFolder files, long step, double? measure)
    {
        checkpoint.Step = step;
        Assert.Equal(files.Save(checkpoint, measure), files.Latest);
    }

    private static IEnumerable<long> Steps(CheckpointFolder files)
        => files.Files.Select(
            f => long.Parse(Path.GetFileNameWithoutExtension(f).Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture));
}
