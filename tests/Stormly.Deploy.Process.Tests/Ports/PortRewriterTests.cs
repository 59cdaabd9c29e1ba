using Stormly.Deploy.Process.Ports;

namespace Stormly.Deploy.Process.Tests.Ports;

/// <summary>The rules for moving a command to another port, as a table: command, and the command for port 18001 or the verdict.</summary>
public class PortRewriterTests
{
    public static TheoryData<string, string> Rewritten => new()
    {
        { "FLASK_APP=server.py flask run -h 0.0.0.0 -p 5000", "FLASK_APP=server.py flask run -h 0.0.0.0 -p 18001" },
        { "flask --app server run --host=0.0.0.0 --port=5000", "flask --app server run --host=0.0.0.0 --port=18001" },
        { "flask --app server run --host 0.0.0.0 --port 5000", "flask --app server run --host 0.0.0.0 --port 18001" },
        { "FLASK_RUN_PORT=5000 flask run -h 0.0.0.0", "FLASK_RUN_PORT=18001 flask run -h 0.0.0.0" },
        { "gunicorn -w 2 -b 0.0.0.0:5000 server:app", "gunicorn -w 2 -b 0.0.0.0:18001 server:app" },
        { "gunicorn --bind=:5000 server:app", "gunicorn --bind=:18001 server:app" },
        { "gunicorn --bind '[::]:5000' server:app", "gunicorn --bind '[::]:18001' server:app" },
        { "uvicorn server:app --host 0.0.0.0 --port 5000", "uvicorn server:app --host 0.0.0.0 --port 18001" },
        { "PORT=5000 node server.js", "PORT=18001 node server.js" },
        { "env PORT=5000 node server.js", "env PORT=18001 node server.js" },
        { "export PORT=5000; exec node server.js", "export PORT=18001; exec node server.js" },
        { "PORT=\"5000\" node server.js", "PORT=\"18001\" node server.js" },
        { "php -S 0.0.0.0:5000 router.php", "php -S 0.0.0.0:18001 router.php" },
        { "puma -b tcp://0.0.0.0:5000", "puma -b tcp://0.0.0.0:18001" },
        { "rackup -o 0.0.0.0 -p 5000", "rackup -o 0.0.0.0 -p 18001" },
        { "rackup -p5000", "rackup -p18001" },
        { "dotnet Model.dll --urls http://0.0.0.0:5000", "dotnet Model.dll --urls http://0.0.0.0:18001" },
        { "java -jar m.jar --server.port=5000", "java -jar m.jar --server.port=18001" },
        { "java -Dserver.port=5000 -jar m.jar", "java -Dserver.port=18001 -jar m.jar" },
        { "waitress-serve --listen=*:5000 server:app", "waitress-serve --listen=*:18001 server:app" },
        { "cd app && gunicorn -b 0.0.0.0:5000 server:app", "cd app && gunicorn -b 0.0.0.0:18001 server:app" },
        { "ssh -p 5000 host", "ssh -p 18001 host" },
        { "mpirun -p 5000 prog", "mpirun -p 18001 prog" },
        { "python app.py --http=0.0.0.0:5000", "python app.py --http=0.0.0.0:18001" },
        { "FLASK_APP=\"server.py\" flask run -h \"0.0.0.0\" -p \"5000\"", "FLASK_APP=\"server.py\" flask run -h \"0.0.0.0\" -p \"18001\"" },
        { "flask run \\\n -p 5000", "flask run \\\n -p 18001" },

        // Ours.
        { "flask run -P 5000", "flask run -P 18001" },
        { "serve -l 5000", "serve -l 18001" },
        { "serve -l tcp4://0.0.0.0:5000", "serve -l tcp4://0.0.0.0:18001" },
        { "x -b 5000", "x -b 18001" },
        { "x -S 5000", "x -S 18001" },
        { "x -P5000", "x -P18001" },
        { "gunicorn -b0.0.0.0:5000 a:b", "gunicorn -b0.0.0.0:18001 a:b" },
        { "gunicorn -b '*:5000' a:b", "gunicorn -b '*:18001' a:b" },
        { "x --bind 127.0.0.1:5000", "x --bind 127.0.0.1:18001" },
        { "x --bind localhost:5000", "x --bind localhost:18001" },
        { "x --listen '[::1]:5000'", "x --listen '[::1]:18001'" },
        { "x --listen 5000", "x --listen 18001" },
        { "x --address 5000", "x --address 18001" },
        { "dotnet M.dll --urls=http://+:5000/", "dotnet M.dll --urls=http://+:18001/" },
        { "dotnet M.dll --urls 'https://*:5000'", "dotnet M.dll --urls 'https://*:18001'" },
        { "./server -port 5000", "./server -port 18001" },
        { "./server -http-port=5000", "./server -http-port=18001" },
        { "./server --httpPort=5000", "./server --httpPort=18001" },
        { "./server --HTTP_PORT 5000", "./server --HTTP_PORT 18001" },
        { "./server -addr :5000", "./server -addr :18001" },
        { "java -Dport=5000 -jar m.jar", "java -Dport=18001 -jar m.jar" },
        { "php -S [::]:5000", "php -S [::]:18001" },
        { "flask run \"-p\" '5000'", "flask run \"-p\" '18001'" },
        { "flask run -p \\5000", "flask run -p \\18001" },
        { "flask run --po\\\nrt 5000", "flask run --po\\\nrt 18001" },
        { "flask run -p 5000 2>&1 | tee log.txt", "flask run -p 18001 2>&1 | tee log.txt" },
        { "flask run 2>&1 -p 5000", "flask run 2>&1 -p 18001" },
        { "flask run --port=5000>log.txt", "flask run --port=18001>log.txt" },
        { ">log.txt PORT=5000 node x.js", ">log.txt PORT=18001 node x.js" },
        { "env -i PATH=/bin PORT=5000 node x.js", "env -i PATH=/bin PORT=18001 node x.js" },
        { "exec env PORT=5000 node x.js", "exec env PORT=18001 node x.js" },
        { "cd app\nPORT=5000 node x.js", "cd app\nPORT=18001 node x.js" },
        { "if true; then PORT=5000 node x.js; fi", "if true; then PORT=18001 node x.js; fi" },
        { "(flask run -p 5000)", "(flask run -p 18001)" },
        { "flask run -p 5000&wait", "flask run -p 18001&wait" },
        { "flask run -p 5000 # the port of the model", "flask run -p 18001 # the port of the model" },
        { "export PORT=5000; flask run -p $PORT", "export PORT=18001; flask run -p $PORT" },
        { "PORT=5000 flask run -p \"${PORT}\"", "PORT=18001 flask run -p \"${PORT}\"" },
        { "sh start.sh --port 5000", "sh start.sh --port 18001" },
        { "python -c 'import app' --port 5000", "python -c 'import app' --port 18001" },
        { "FLASK_APP=模型.py flask run -p 5000 --name '🦊 \u202e'", "FLASK_APP=模型.py flask run -p 18001 --name '🦊 \u202e'" },
        { "C:\\\\Python\\\\python.exe -m flask run --port 5000", "C:\\\\Python\\\\python.exe -m flask run --port 18001" },
        { "flask run --name '$PORT' -p 5000", "flask run --name '$PORT' -p 18001" },
        { "flask run --name \\$PORT -p 5000", "flask run --name \\$PORT -p 18001" },
        { "flask run --name $PORTAL ${PORTS} -p 5000", "flask run --name $PORTAL ${PORTS} -p 18001" },
        { "flask run -p 5000 # not $PORT", "flask run -p 18001 # not $PORT" },
        { "flask run -p 5000 --note a#b5", "flask run -p 18001 --note a#b5" },
        { "node ${HOME}/x.js --port 5000 --dir \"$HOME/a b\"", "node ${HOME}/x.js --port 18001 --dir \"$HOME/a b\"" },
    };

    public static TheoryData<string, string> Kept => new()
    {
        { "python -m http.server 5000", "Unsure" },
        { "python server.py 5000", "Unsure" },
        { "python server.py", "HardCoded" },
        { "gunicorn --timeout 5000 -b 0.0.0.0:5000 server:app", "Ambiguous" },
        { "gunicorn --max-requests 5000 -b 0.0.0.0:5001 server:app", "Unsure" },
        { "flask run -p 15000", "HardCoded" },
        { "flask run -p 5000 > log-5000.txt", "Ambiguous" },
        { "flask run -p $((5000))", "Unsure" },
        { "flask run -p ${PORT:-5000}", "UsesVariable" },
        { "sh -c 'flask run -p 5000'", "Unsure" },
        { "flask run -p `echo 5000`", "Unsure" },
        { "curl http://localhost:5000/x; flask run -p 5000", "Ambiguous" },
        { "nginx -g 'daemon off;' -c /srv/nginx-5000.conf", "Unsure" },
        { "docker run -p 5000:5000 x", "Ambiguous" },
        { "API=http://localhost:5000 gunicorn -b 0.0.0.0:80 a:b", "Unsure" },
        { "flask run --port=5000 --cert=c.pem:5000", "Ambiguous" },
        { "supervisord -c s.conf", "HardCoded" },

        // Ours: numbers.
        { "flask run -p 50001", "HardCoded" },
        { "flask run -p 05000", "HardCoded" },
        { "flask run -p 5000٣", "HardCoded" },
        { "flask run -p 5000.5", "Unsure" },
        { "flask run -p 5000,5001", "Unsure" },
        { "flask run -p -5000", "Unsure" },
        { "flask run -p 50\\\n00", "Unsure" },
        { "flask run -p 5\"0\"00", "Unsure" },
        { "flask run -p 1\"5000\"", "Unsure" },
        { "flask run -p 5000\r\n", "Unsure" },
        { "flask run -p 5000\u00a0", "Unsure" },
        { "x 5000 5000 5000", "Ambiguous" },

        // Ours: places.
        { "flask run # -p 5000", "Unsure" },
        { "flask run -p 5000 # 5000", "Ambiguous" },
        { "flask run -p 5000>log.txt", "Unsure" },
        { "flask run -p > 5000", "Unsure" },
        { "flask run -p >x 5000", "Unsure" },
        { "flask run -p; 5000", "Unsure" },
        { "flask run -p\n5000", "Unsure" },
        { "-p 5000", "Unsure" },
        { ":5000", "Unsure" },
        { "5000", "Unsure" },
        { "x --import=5000", "Unsure" },
        { "x --support 5000", "Unsure" },
        { "x --timeout=5000", "Unsure" },
        { "x --=5000", "Unsure" },
        { "x -w5000", "Unsure" },
        { "x -l5000", "Unsure" },
        { "x - 5000", "Unsure" },
        { "x port 5000", "Unsure" },
        { "x --bind db.example:5000", "Unsure" },
        { "x --bind $HOST:5000", "Unsure" },
        { "x --bind ${HOST}:5000", "Unsure" },
        { "x --db redis://localhost:5000", "Unsure" },
        { "x --url http://localhost:5000/path", "Unsure" },
        { "x '-p 5000'", "Unsure" },
        { "REPORT=5000 x", "Unsure" },
        { "PORTS=5000 x", "Unsure" },
        { "PORT=5000x y", "Unsure" },
        { "PORT=15 y=PORT=5000 z", "Unsure" },
        { "x PORT=5000", "Unsure" },
        { "\"PORT=5000\" x", "Unsure" },
        { "PORT=:5000 x", "Unsure" },
        { "A_PORT=a=B_PORT=5000 x", "Unsure" },
        { "%PORT% --port:5000", "Unsure" },

        // Ours: what only a running shell can know.
        { "flask run -p $(cat 5000)", "Unsure" },
        { "flask run -p \"$(cat 5000)\"", "Unsure" },
        { "flask run -p \"`cat 5000`\"", "Unsure" },
        { "cat <<E | flask run -p 5000\nE", "Unsure" },
        { "flask run -p 5000 <<< x", "Unsure" },
        { "flask run -p 5000 <(x)", "Unsure" },
        { "flask run -p 5000 >(x)", "Unsure" },
        { "flask run -p 5000 'x", "Unsure" },
        { "flask run -p 5000 \"x", "Unsure" },
        { "flask run -p 5000 \\", "Unsure" },
        { "flask run -p 5000 $'x'", "Unsure" },
        { "flask run -p 5000 $\"x\"", "Unsure" },
        { "flask run -p 5000 ${A:-${B}}", "Unsure" },
        { "flask run -p 5000 ${A:-'}'}", "Unsure" },
        { "flask run -p 5000 ${A", "Unsure" },
        { "flask run -p 5000 \0", "Unsure" },
        { "flask run -p 5000 '\0'", "Unsure" },
        { "eval flask run -p 5000", "Unsure" },
        { "/bin/bash -lc 'x' -p 5000", "Unsure" },
        { "timeout 9 sh -ec x -p 5000", "Unsure" },
        { "su -c x -p 5000", "Unsure" },

        // Ours: the variable.
        { "flask run -p $PORT", "UsesVariable" },
        { "flask run -p ${PORT}", "UsesVariable" },
        { "flask run -p \"$PORT\"", "UsesVariable" },
        { "flask run -p \"${PORT:-5000}\"", "UsesVariable" },
        { "PORT=${PORT:-5000} node x.js", "UsesVariable" },
        { "sh -c 'flask run -p $PORT'", "UsesVariable" },
        { "flask run -p $PORT --id $(hostname)", "UsesVariable" },
        { "export PORT=5000; flask run -p $PORT --id $(hostname)", "Unsure" },
        { "export PORT=\"${PORT:-5000}\"; flask run -p $PORT --id $(hostname)", "UsesVariable" },
        { "PORT=5001 flask run -p $PORT", "HardCoded" },
        { "flask run -p '$PORT'", "HardCoded" },
        { "flask run -p $PORTS", "HardCoded" },
        { "flask run -p $XPORT", "HardCoded" },
        { "flask run -p ${port}", "HardCoded" },
        { "", "HardCoded" },
    };

    [Theory]
    [MemberData(nameof(Rewritten))]
    [Trait("Fault", "67")]
    public void Rewrite_PortSurelyMeant_ReplacesItsDigits(string command, string expected)
        => Assert.Equal(new PortRewrite(PortVerdict.Rewritten, expected), PortRewriter.Rewrite(command, 5000, 18001));

    [Theory]
    [MemberData(nameof(Kept))]
    [Trait("Fault", "67")]
    public void Rewrite_NotCertain_KeepsTheCommandAndSaysWhy(string command, string verdict)
    {
        var result = PortRewriter.Rewrite(command, 5000, 18001);

        Assert.Equal(verdict, result.Verdict.ToString());
        Assert.Equal(command, result.Command);
        Assert.Equal(result.CanMove, result.Reason.Length == 0);
    }

    [Theory]
    [InlineData("flask run -p {port}", "flask run -p 18001")]
    [InlineData("{port}{port}", "1800118001")]
    [InlineData("sh -c 'flask run -p {port} && x 5000'", "sh -c 'flask run -p 18001 && x 5000'")]
    [InlineData("gunicorn -b 0.0.0.0:{port} --env P=${port} --timeout 5000", "gunicorn -b 0.0.0.0:18001 --env P=${port} --timeout 5000")]
    [InlineData("flask run -p {port} --note $PORT `x`", "flask run -p 18001 --note $PORT `x`")]
    public void Rewrite_Placeholder_IsFilledInEverywhere(string command, string expected)
        => Assert.Equal(new PortRewrite(PortVerdict.UsesPlaceholder, expected), PortRewriter.Rewrite(command, 5000, 18001));

    [Theory]
    [InlineData("python server.py", "its port 5000 does not occur in startServerCmd, so it is fixed inside the program")]
    [InlineData("gunicorn --timeout 5000 -b 0.0.0.0:5000 server:app", "its port 5000 occurs twice in startServerCmd (`--timeout 5000 -b 0.0.0.0:5000`)")]
    [InlineData("x 5000 5000 5000", "its port 5000 occurs 3 times in startServerCmd (`5000 5000 5000`)")]
    [InlineData("python server.py 5000", "its port 5000 occurs in startServerCmd (`5000`), but not where it is surely the port to listen on")]
    [InlineData("x --max 5000 y", "its port 5000 occurs in startServerCmd (`--max 5000`), but not where it is surely the port to listen on")]
    [InlineData("x\t'\u001b[2J5000' y", "its port 5000 occurs in startServerCmd (`'\\u001b[2J5000'`), but not where it is surely the port to listen on")]
    [InlineData("sh -c 'x 5000'", "startServerCmd runs another shell, so its port 5000 cannot be changed with certainty")]
    [InlineData("x $(y) 5000", "startServerCmd uses command substitution, so its port 5000 cannot be changed with certainty")]
    [InlineData("x $((1)) 5000", "startServerCmd computes a number in the shell, so its port 5000 cannot be changed with certainty")]
    [InlineData("x 'y 5000", "startServerCmd has unbalanced quotes, so its port 5000 cannot be changed with certainty")]
    [InlineData("x 'y 5000\0", "startServerCmd holds a NUL character, so its port 5000 cannot be changed with certainty")]
    [InlineData("x <<E 5000", "startServerCmd uses a here-document, so its port 5000 cannot be changed with certainty")]
    public void Rewrite_NotCertain_NamesTheReason(string command, string reason)
        => Assert.Equal(reason, PortRewriter.Rewrite(command, 5000, 18001).Reason);

    [Theory]
    [InlineData(80, "serve -p 80 --max 8080", "serve -p 18001 --max 8080")]
    [InlineData(65535, "serve -p 65535", "serve -p 18001")]
    [InlineData(1, "serve -p 1 --workers 11", "serve -p 18001 --workers 11")]
    public void Rewrite_OtherPorts_FollowTheSameRules(int port, string command, string expected)
        => Assert.Equal(expected, PortRewriter.Rewrite(command, port, 18001).Command);
}
