/* language_words: everyday words that tell Polish, English and other languages apart. A word that
 * stands in several lists tells less. Polish words count without their marks too. Written for this
 * project; only function words and words of everyday talk, no topics. */
#ifndef BURZA_LANGUAGE_WORDS_H
#define BURZA_LANGUAGE_WORDS_H

static const char polish_words[] =
    "nie i w na z do jest się że to jak za po dla ale od co o u tak mi ja już tylko czy mam był są "
    "ten ta te tym tej tego ty on ona ono my wy oni jego jej ich mnie mną ciebie cię ci ciebie "
    "jemu go nas was nam wam nami wami nich nim nią sobie siebie swój swoje swoją swoim mój moja "
    "moje mojego moim mojej twój twoja twoje nasz nasza nasze wasz wasza wasze kto kogo komu czego "
    "czemu czym kiedy gdzie skąd dokąd dlaczego jaki jaka jakie jakiś jakaś jakieś który która "
    "które którzy którego której którym żeby aby gdyby bo ponieważ więc albo lub oraz ani niż bez "
    "przez przed przy pod nad między wśród około ze we ku by byłem byłam było były byli będzie "
    "będę będą bym byś być jestem jesteś jesteśmy jesteście mają masz ma mamy macie miał miała "
    "mieć może mogę możesz można możemy mogą mógł chcę chcesz chce chcą chciał chciałbym "
    "chciałabym "
    "muszę musi trzeba warto wiem wiesz wie wiecie wiedzieć myślę widzę widać robi robię zrobić "
    "robić zrobił jeszcze znowu znów zawsze nigdy teraz zaraz potem dziś dzisiaj wczoraj jutro "
    "rano "
    "wieczorem bardzo dobrze źle dużo mało więcej mniej najlepszy lepszy gorszy lepiej gorzej "
    "dobry dobra dobre zły zła nowy nowa nowe wszystko wszystkie wszyscy nic nikt ktoś coś każdy "
    "każda każde inny inna inne sam sama same tam tu tutaj stąd właśnie chyba raczej naprawdę "
    "serio przecież nawet też także również dopiero prawie razem wreszcie czyli no jednak jeśli "
    "jeżeli gdy skoro choć chociaż dzięki dziękuję proszę przepraszam polecam dzień dobry cześć "
    "hej witam pozdrawiam ludzie ludzi człowiek pan pani panie państwo dzieci dziecko dom domu "
    "lat rok roku lata dni dzień tydzień tygodnia miesiąc godzin godzinę godziny czas czasu raz "
    "razy dwa trzy dwie pięć kilka parę zł pieniądze kasa kupić kupiłem kupiłam czekam dostałem "
    "działa działał jakby taki taka takie takiego taką tyle ile teraz pytanie sprawa praca pracy "
    "szkoda super spoko kurwa kurde masakra żenada fajnie fajny ładnie ładny mega trochę całe cały "
    "cała powinien powinno mówi mówią powiedział pisze lubię kocham idę idzie jadę poszedł zobacz "
    "zobaczyć patrz słuchaj prawda trzymam życzę gratuluję brawo oczywiście niestety znam fakt "
    "polska polski polskie polsce polskiej warszawa warszawie tzn np itd itp dlatego dalej kolejny "
    "kolejna wszystkim wszystkich swoich moich tych tymi takich jakiej jakim niech oby wam jutra "
    "kolejka obsługa sklep sklepie telefon internet paczka paczki zamówienie przesyłka zwrot "
    "zwrotu reklamacja awaria opóźniony infolinia infolinii klient klienta klientów konto konta "
    "przelew umowa umowy rachunek faktura firma firmy oferta ceny cena drogo tanio działać bani "
    /* Silesian counts as Polish */
    "niy żodyn żodno czymu yno tyż gryfnie gryfny dziynki dziynkuja";

static const char english_words[] =
    "the and of is you in for it my this that was with on are not have be at just your so but we "
    "they he she his her him them their our us me i a to no an or if from by as do does did done "
    "don't doesn't didn't can't cannot won't isn't wasn't aren't i'm i've i'll i'd it's that's "
    "you're they're we're he's she's there's what's let's what when where who why how which all "
    "any some more most much many very too also only even still never always again now then here "
    "there today tomorrow yesterday tonight time day days week weeks month months year years been "
    "being were had has having will would could should can may might must shall get got getting "
    "go going gone went come came know knew think thought want wanted need needed like liked love "
    "loved hate make made take took see saw seen look looks looking say said says tell told ask "
    "asked give gave given find found use used using work works working worked try tried trying "
    "feel felt good great best better bad worst worse nice new old big little long last first next "
    "same other another every each because than about after before over out up down off into "
    "through back around without against between under while until since really please thanks "
    "thank sorry hey hello yes yeah yep nope okay lol omg wow people man men woman guy guys girl "
    "girls someone something anything nothing everything everyone anyone nobody one two three "
    "right wrong way thing things lot bit stuff sure well world life home house school money "
    "happy birthday hope wish morning night friday monday sunday saturday weekend game team play "
    "watch watching watched movie show follow followed waiting wait call called phone service "
    "customer support order ordered delivery refund account app email help free buy bought pay "
    "paid price ever until these those such own both few real old start started stop keep left "
    "let put might already almost enough though maybe probably actually literally gonna wanna "
    "gotta ain't y'all u ur im dont cant didnt isnt thats its whats youre amazing awesome terrible "
    "awful horrible beautiful excited ready check out read news video live photo via rt per "
    "company store food place job car kids friend friends family mom dad baby dog cat shit fuck "
    "fucking damn hell god jesus sucks flight airline hours minutes late delayed cancelled "
    "does anybody else anyone's nobody's brand product quality fast slow easy hard able "
    "congrats wtf lmao lmfao omfg smh ngl tbh idk ikr imho tnx woohoo aww damnit lmk ftw cuz "
    "bruh dude kinda sorta lemme dunno meh ugh yay definately";

static const char other_words[] =
    /* Czech and Slovak */
    "že se jsem jsi jsou jsme nebo jako když při už být byl byla bylo není který která které "
    "sme som sú čo keď aj pre si ako ktorý ktorá ktoré alebo už iba len ešte teraz veľmi prosím "
    "děkuji ďakujem dobrý den dnes zítra včera zajtra včera nic jen ještě teď moc jak kde kdo "
    "proč prečo kto tam tu to ten ta na za po do od ve v s k o a i ani ale co jak pro mě mi mně "
    "ho ji jeho její mám máš má máme mají mal mala bolo bol bola boli nie je být budu bude bych "
    "by aby jestli nikdy vždy pořád zase opět opäť může môže můžu chtěl chcem chci "
    "kupil objednal nejde ako akože toto tento tenhle tohle takže protože lebo"
    /* German */
    " der die das und ist ich nicht ein eine einen einem einer zu den dem des mit auf für von im "
    "sich auch es sie wir ihr er du mir mich dir dich uns euch aber wenn wie was wer wo warum weil "
    "noch schon nur sehr mehr bei nach aus um über vor zum zur am bin bist sind war waren habe hat "
    "haben wird werden kann können muss kein keine heute morgen gestern immer wieder nie mein "
    "meine "
    "dein seine diese dieser dieses hier da doch mal so oder danke bitte gut"
    /* Spanish, Portuguese, Italian, French */
    " el la los las un una unos de del que y en es por con no se lo le su para al como más pero "
    "sus "
    "ya muy está estoy son ser hay fue era me te mi tu yo él ella nosotros esto esta este eso qué "
    "cómo cuándo dónde porque si sí también todo todos nada hoy ayer mañana gracias hola bueno "
    "não uma um dos das os as ao com seu sua ele ela você eu mas muito isso esse essa foi são tem "
    "il di che e per non sono del della gli un è anche ma ho hai ha questo questa come più molto "
    "le les et des est pas vous nous je tu il elle dans pour sur avec qui ce cette mais plus très "
    "suis sont être avoir fait tout bien merci bonjour j'ai c'est n'est qu'il ça au aux du une"
    /* Albanian */
    " dhe në një për me është nuk të i e që ka nga si po më do jam jemi janë ishte kam ke kemi kur "
    "ku pse shumë mirë kjo ky këtë faleminderit sot dje nesër por ose edhe unë ti ai ajo ne ju ata "
    "tim ime im tënd u s'ka asgjë vetëm prej deri pas para"
    /* Ukrainian in Latin letters, Upper Sorbian */
    " chomu duzhe nichoho tse shcho meni mene vony pohano doroho dyakuyu nemaye vzhe tilky zavzhdy "
    "shche nikhto vsim vsi jara wjele njeje njejsym wutrobny dźakuju sym njej wšitko přeco"
    /* Dutch, Scandinavian, Romanian, Hungarian, Turkish, Croatian, Indonesian, Tagalog */
    " het een van niet ik je dat die op te voor zijn maar ook naar wel geen bij nog dan wat deze "
    "och att det som är på jag inte med av till den har ett om vi ikke og jeg er på han hun til "
    "și să nu este pe cu mai din care sunt pentru az egy nem hogy és van csak meg de ez ha mint "
    "bir ve bu için çok ne da de mi ben sen değil ama var yok je da se što nije sam smo ali kao "
    "yang dan di ini itu ada tidak saya aku kamu dengan untuk bisa ang ng sa mga ko mo ako ka "
    "hindi "
    "lang naman yung";

#endif
