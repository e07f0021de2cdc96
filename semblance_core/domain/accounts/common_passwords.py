"""Passwords, and words that passwords are made of by adding figures and signs, that every list of leaked ones begins with."""

COMMON = frozenset(
    """
123456789a 123qwe123 123qweasd 1a2b3c4d 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc a123456789 a1b2c3d4
aa123456 abc12345 abc123abc abcd1234 access admin adminadmin administrator adminpassword agency alexander amanda
america andrew android angel angels anything apple april arsenal asd123asd asdfasdf asdfgh asdfghjk asdfghjkl ashley
asshole august automne autumn azerty babyboy babygirl backup banana barcelona baseball basketball batman bayern
benvenuto berlin bienvenido bienvenue bitch biteme blahblah blessed blink blossom bonjour business buster butterfly
canada captain champion changeit changeme changemenow charlie chelsea chocolate cisco client company computer
contrasena cookie corvette cowboy crystal daniel database december default deutschland dezember diamond dienstag
dollar donnerstag dortmund dragon england enterprise ete everything facebook family februar february ferrari
firewall flower focusgroup football forever france freedom freitag friday friends fruehling frühling fuckoff fuckyou
fussball gandalf geheim germany ginger godisgood golden golf google guest hallo hamburg hannah happy harley haslo
heaven hello hellokitty hellothere helloworld herbst hiver hobbit hockey hunter ichliebedich ilovemyself iloveyou
initial internet invierno iphone ironman januar january jennifer jessica jesus jesuschrist jetaime jordan joshua
juli july june juni juventus killer legend letmein letmeinnow liebling lightning liverpool login logmein london
lovely loveme lover loveyou lucky madrid maerz manager manchester march marketing master matrix matthew maus
maverick may mercedes merlin michael michelle microsoft million minecraft mittwoch monday money mongodb monkey
montag motdepasse muenchen munich mustang mypassword mysecret mysql märz münchen network newpassword newyork nicole
nintendo nobody nopassword nothing november october office oktober oracle orange paris parola pass passpass
passphrase passw0rd password password1 passwort pepper persona personas phoenix pikachu playstation pokemon porsche
postgres primavera princess printemps prinzessin project purple pussy q1w2e3 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx
qazwsxedc qwe123qwe qweasd qweasdzxc qwerty qwertyui qwertyuiop qwertz qwertzui qwertzuiop rabbitmq rainbow ranger
realmadrid remember research researcher robert root router sales samantha samstag samsung saturday schalke schatz
schnecki schokolade secret security semblance senha september server shadow signin silver smile soccer somebody
something sommer sonntag spiderman spring start starten startrek starwars streamlit study success summer sunday
sunshine superman superuser survey sweetheart team teamwork temp temporal temporary tennis tequiero test tester
testing testtest testuser thepassword thomas thunder thursday tigger together toor topsecret trustno trustnoone
tuesday unknown user username verano victoria victory vienna wachtwoord wednesday welcome whatever willkommen
windows winner winter wireless yamaha yellow yourpassword zaq12wsx zaq1zaq1 zurich zxcvbn zxcvbnm
""".split()  # noqa: SIM905 - a list that is read by eye
)
