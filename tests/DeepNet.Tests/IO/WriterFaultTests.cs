using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Tests.IO.Faults;

namespace DeepNet.Tests.IO;

/// <summary>Every writer of the core, with each of its operations on files failing in turn.</summary>
public sealed class WriterFaultTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly GeneratorState before = Generator.Default.State;

    public void Dispose()
    {
        Generator.Default.State = before;
        folder.Dispose();
    }

    [Fact]
    public void Safetensors_files_are_old_or_new()
    {
        var tensors = new Dictionary<string, Tensor> { ["a"] = Tensor.Rand(300, 300), ["b"] = Tensor.Ones(3) };
        int failures = EachFault.OfOneFile(folder.Root, path => SafeTensors.Save(path, tensors));
        Assert.True(EachFault.OfOneFile(Path.Combine(folder.Root, "torch"), path => TorchFile.Save(path, tensors)) >= 12);
        Assert.True(failures >= 12, $"{failures}");          // folder, open, write, fsync, rename, fsync of the folder; twice over
    }

    [Fact]
    public void Models_and_checkpoints_are_old_or_new()
    {
        var model = new Linear(3, 2);
        Assert.True(EachFault.OfOneFile(Path.Combine(folder.Root, "model"), path => model.Save(path)) >= 12);
        var checkpoint = new Checkpoint { Model = model, Optimizer = new Adam(model.Parameters()) };
        Assert.True(EachFault.OfOneFile(Path.Combine(folder.Root, "checkpoint"), checkpoint.Save) >= 12);
    }

    [Fact]
    public void A_folder_of_checkpoints_keeps_what_it_had_and_goes_on()
    {
        int place = 0;
        EachFault.Everywhere(system =>
        {
            string path = folder[$"{place++}"];
            var checkpoint = new Checkpoint { Model = new Linear(2, 2) };
            var files = new CheckpointFolder(path, keep: 1);
            for (int i = 1; i <= 3; i++) Save(i);
            var error = EachFault.In(system, () => Save(4));
            Assert.All(files.Files, file => Checkpoint.Read(file));
            bool isWritten = error is null || error.Message.Contains("was written", StringComparison.Ordinal);
            Assert.Equal(isWritten ? 4 : 3, Checkpoint.Read(files.Latest!).Record.Step);
            Assert.Empty(Directory.GetFiles(path, ".*"));
            Save(5);
            Assert.Equal(1, Checkpoint.Read(files.Best!).Record.Step);
            Assert.Equal(2, files.Files.Count);              // the best and the last: what could not be deleted is by now

            void Save(int step)
            {
                checkpoint.Step = step;
                files.Save(checkpoint, step);
            }
        });
    }
}
